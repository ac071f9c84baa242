# terraform output -raw backend > ../production.s3.tfbackend

output "backend" {
  description = "The backend configuration of the production environment; another environment has another key."
  value       = <<-EOT
    bucket = "${aws_s3_bucket.state.bucket}"
    region = "${var.region}"
    key    = "production/terraform.tfstate"
  EOT
}
