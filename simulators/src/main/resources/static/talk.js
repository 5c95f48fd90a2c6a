// Being the person at a phone: answer, read and hear the persona, type or speak, send keys, hang up.

import { entriesOf } from "./journal.js";
import { $, control, element, phonePath, report } from "./page.js";

let talking = null; // {number, callSid} of the call the person at this page is on
let following = null; // the open line of the persona, as words arrive
let toSpeak = "";

/** The call the person at this page is on, or none. */
export const currentCall = () => talking?.callSid;

export function showRinging(ringing) {
  const section = $("ringing");
  section.hidden = ringing.length === 0;
  const key = ringing.map((phone) => phone.callSid).join();
  if (section.dataset.key === key) {
    return;
  }
  section.dataset.key = key;
  section.replaceChildren(...ringing.map(ringingLine));
  section.querySelector("button")?.focus();
}

function ringingLine(phone) {
  const answer = element("button", { textContent: "Answer" });
  const decline = element("button", { className: "danger", textContent: "Decline" });
  answer.onclick = () => control("POST", `${phonePath(phone.number)}/answer`).catch(report);
  decline.onclick = () => control("POST", `${phonePath(phone.number)}/decline`).catch(report);
  return element(
    "div",
    {},
    element("h2", { textContent: `${phone.number} is ringing` }),
    element("div", { className: "row" }, answer, decline),
  );
}

export function beginTalk(number, callSid) {
  talking = { number, callSid };
  following = null;
  $("lines").replaceChildren();
  $("talk").hidden = false;
  $("talk-state").textContent = `${number} is on a call.`;
  $("say").focus();
  entriesOf(callSid).forEach(hearEntry);
}

export function endTalk() {
  talking = null;
  stopListening();
  speechSynthesis?.cancel();
  $("talk").hidden = true;
}

function addLine(who, text) {
  const content = element("span", { textContent: text });
  const line = element("div", { className: who }, element("b", { textContent: who === "caller" ? "you" : who }), content);
  $("lines").append(line);
  line.scrollIntoView({ block: "nearest" });
  return content;
}

// Words appear as they are heard; whole clauses are spoken aloud.
export function hearEntry(entry) {
  if (!talking || entry.call !== talking.callSid || entry.vendor !== "phone") {
    return;
  }
  switch (entry.kind) {
    case "heard.started":
      following = addLine("persona", "");
      break;
    case "heard.word":
      following ??= addLine("persona", "");
      following.textContent += `${following.textContent ? " " : ""}${entry.detail.word}`;
      following.scrollIntoView({ block: "nearest" });
      speak(entry.detail.word, /[.!?;:,]$/.test(entry.detail.word));
      break;
    case "heard":
      speak("", true);
      if (following && entry.detail.interrupted) {
        following.textContent += " —";
      }
      following = null;
      break;
    case "say.started":
      addLine("caller", entry.detail.text);
      if (entry.detail.overPersona) {
        toSpeak = "";
        speechSynthesis?.cancel();
      }
      break;
    default:
      break;
  }
}

function speak(word, now) {
  toSpeak += ` ${word}`;
  if (now && $("aloud").checked && toSpeak.trim() && "speechSynthesis" in window) {
    speechSynthesis.speak(new SpeechSynthesisUtterance(toSpeak));
  }
  if (now) {
    toSpeak = "";
  }
}

const act = (what, body) => control("POST", `${phonePath(talking.number)}/${what}`, body).catch(report);

$("say-form").onsubmit = (event) => {
  event.preventDefault();
  const text = $("say").value.trim();
  if (text && talking) {
    act("say", { text });
    $("say").value = "";
  }
};
$("hang-up").onclick = () => talking && act("hang-up");
for (const digit of "123456789*0#") {
  const key = element("button", { type: "button", className: "plain", textContent: digit });
  key.setAttribute("aria-label", `Key ${digit === "*" ? "star" : digit === "#" ? "hash" : digit}`);
  key.onclick = () => talking && act("digits", { digits: digit });
  $("keys").append(key);
}

// Speaking, where the browser offers recognition.
const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
let recognition = null;
function stopListening() {
  recognition?.stop();
  recognition = null;
  $("mic").setAttribute("aria-pressed", "false");
}
if (Recognition) {
  $("mic").hidden = false;
  $("mic").onclick = () => {
    if (recognition) {
      stopListening();
      return;
    }
    recognition = new Recognition();
    recognition.continuous = true;
    recognition.lang = navigator.language;
    recognition.onresult = (event) => {
      const result = event.results[event.results.length - 1];
      if (result.isFinal && talking) {
        act("say", { text: result[0].transcript.trim() });
      }
    };
    recognition.onerror = (event) => report(`The microphone does not work here: ${event.error}`);
    recognition.onend = stopListening;
    recognition.start();
    $("mic").setAttribute("aria-pressed", "true");
  };
}
