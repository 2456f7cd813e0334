// The lobby screen's behaviour: follows the queue server, changes one row at a call, moves the running text.
"use strict";

const query = new URLSearchParams(location.search);
if (query.has("film")) {
  const film = Object.assign(document.createElement("video"), { src: "file://" + query.get("film"), loop: true, muted: true, autoplay: true });
  film.className = "film";
  document.getElementById("page").replaceWith(film);
}
const at = (id) => document.getElementById(id);
const FRESH_MS = 30_000;
const CALL_OUT_MS = 6_000;
const TICKER = [
  "Jam layanan 08.00–16.00 WITA, tujuh hari seminggu",
  "Layanan tanpa pungutan liar: laporkan ke loket pengaduan",
  "Siapkan KTP dan Kartu Keluarga sebelum nomor Anda dipanggil",
  "Lansia, ibu hamil, dan penyandang disabilitas didahulukan: ambil nomor prioritas di meja depan",
];

const services = new Map();
const rows = new Map();
let callOut = 0;
let socket;

function row(counter) {
  let row = rows.get(counter.id);
  if (!row) {
    const element = document.createElement("div");
    element.className = "row";
    element.innerHTML = "<i></i><div><b></b><small></small></div><strong></strong>";
    const [label, name, agency, ticket] = element.querySelectorAll("i, b, small, strong");
    row = { element, label, name, agency, ticket, fade: 0 };
    rows.set(counter.id, row);
    at("rows").append(element);
  }
  const service = services.get(counter.service);
  row.label.textContent = counter.label;
  row.name.textContent = service?.name ?? "";
  row.agency.textContent = service?.agency ?? "";
  row.ticket.textContent = counter.serving?.ticket ?? "–";
}

function called(data) {
  const row = rows.get(data.counter);
  if (!row) return;
  row.ticket.textContent = data.ticket;
  row.element.classList.add("fresh");
  clearTimeout(row.fade);
  row.fade = setTimeout(() => row.element.classList.remove("fresh"), FRESH_MS);
  if (!at("call").hidden) return;
  at("call").children[1].textContent = data.ticket;
  at("call").children[2].textContent = `Loket ${row.label.textContent}`;
  at("call").hidden = false;
  clearTimeout(callOut);
  callOut = setTimeout(() => (at("call").hidden = true), CALL_OUT_MS);
}

function take(event) {
  const { type, data } = event;
  if (type === "papan.hall.snapshot") {
    at("hall").textContent = data.hall.name;
    at("organization").textContent = data.hall.organization;
    data.services.forEach((service) => services.set(service.id, service));
    data.counters.forEach(row);
  } else if (type === "papan.ticket.called") {
    called(data);
    announce(data);
  } else if (type === "papan.counter.changed") {
    row(data);
  }
}

function follow() {
  socket = new WebSocket(query.get("queue"), "cloudevents.json");
  socket.onmessage = (message) => take(JSON.parse(message.data));
  socket.onclose = () => setTimeout(follow, 1_000);
}

function tick() {
  const now = new Date();
  const zone = { timeZone: "Asia/Makassar" };
  at("clock").textContent = now.toLocaleTimeString("id", { hour: "2-digit", minute: "2-digit", ...zone });
  at("date").textContent = now.toLocaleDateString("id", { dateStyle: "full", ...zone });
  setTimeout(tick, 60_000 - (now % 60_000));
}

// The text stands twice in a row and moves by its own width: the compositor alone has work to do.
function run() {
  const text = TICKER.join(" • ") + " • ";
  at("ticker").textContent = text + text;
  const width = at("ticker").offsetWidth / 2;
  const pixelsPerSecond = 60 * Math.max(1, Math.round(innerHeight / 180));
  at("ticker").animate([{ transform: "none" }, { transform: `translateX(${-width}px)` }], {
    duration: (width / pixelsPerSecond) * 1_000,
    iterations: Infinity,
  });
}

tick();
follow();
if (query.get("ticker") !== "off") document.fonts.ready.then(run);
