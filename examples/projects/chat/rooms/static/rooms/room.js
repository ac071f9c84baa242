const scheme = location.protocol === "https:" ? "wss" : "ws";
const socket = new WebSocket(`${scheme}://${location.host}/ws/rooms/${document.body.dataset.room}/`);
const form = document.getElementById("say");

socket.onmessage = (event) => {
  const line = document.createElement("li");
  line.textContent = JSON.parse(event.data).text;
  document.getElementById("said").append(line);
};
form.onsubmit = (event) => {
  event.preventDefault();
  socket.send(JSON.stringify({ text: form.text.value }));
  form.reset();
};
