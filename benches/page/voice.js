// The lobby screen's sound: at a call a chime and then the joined clips that ship with papan, by WebAudio.
// Written the way that is quickest for a browser: all is decoded before the first call, and the context stays open.
"use strict";

const ASSETS = "../../assets";
const PAUSE_S = 0.2;
const GAP_S = 0.6;
const MOST_WAITING = 100;
const LETTERS = { A: "a", B: "be", C: "ce", D: "de", E: "e", F: "ef", G: "ge", H: "ha" };
const DIGITS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];

const sounds = new Map();
const waiting = [];
let context;
let speaking = false;

async function load(name, path) {
  const file = await fetch(`${ASSETS}/${path}`);
  sounds.set(name, await context.decodeAudioData(await file.arrayBuffer()));
}

function clips({ ticket, counter }) {
  const [prefix, number] = ticket.split("-");
  const digits = (text) => [...text].map((digit) => DIGITS[digit]);
  return [
    ["chime"],
    ["nomor-antrean", LETTERS[prefix]],
    digits(number),
    ["silakan-menuju", "loket", ...digits(counter)],
  ];
}

function report(type, { ticket, counter }) {
  const data = { ticket, counter };
  socket.send(JSON.stringify({ specversion: "1.0", id: crypto.randomUUID(), source: "/page", type, data }));
}

function next() {
  const call = waiting.shift();
  speaking = call !== undefined;
  if (!speaking) return;
  let at = context.currentTime;
  let last;
  for (const phrase of clips(call)) {
    for (const name of phrase) {
      last = new AudioBufferSourceNode(context, { buffer: sounds.get(name) });
      last.connect(context.destination);
      last.start(at);
      at += last.buffer.duration;
    }
    at += PAUSE_S;
  }
  report("papan.announcement.started", call);
  last.onended = () => {
    report("papan.announcement.finished", call);
    setTimeout(next, GAP_S * 1_000);
  };
}

function announce(call) {
  if (sounds.size === 0 || waiting.length >= MOST_WAITING) return;
  waiting.push(call);
  if (!speaking) next();
}

async function open() {
  context = new AudioContext({ latencyHint: "interactive" });
  const words = ["nomor-antrean", "silakan-menuju", "loket", ...Object.values(LETTERS), ...DIGITS];
  const voice = words.map((word) => load(word, `voice/id/${word}.wav`));
  await Promise.all([load("chime", "sounds/chime-default.wav"), ...voice]);
}

if (query.get("sound") === "on") open();
