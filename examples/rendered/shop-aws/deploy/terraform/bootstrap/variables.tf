# The same two values as in terraform.tfvars, one folder up.

variable "project_slug" {
  description = "Short name of the project."
  type        = string
  nullable    = false
}

variable "region" {
  description = "AWS region of the state."
  type        = string
  nullable    = false
}
