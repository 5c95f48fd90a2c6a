// The outbox page: shows what the simulators did, and lets a person answer a phone. Everything it knows comes from the
// journal's event stream and a few reads of /control; nothing is kept here beyond the page.

const $ = (id) => document.getElementById(id);
const MAX_ROWS = 400;
const KEPT_ENTRIES = 2000;
const entries = [];
let talking = null; // {number, callSid} of the call the person at this page is on
let following = null; // the open line of the persona, as words arrive
let toSpeak = "";

async function control(method, path, body) {
  const response = await fetch(`/control${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const json = text ? JSON.parse(text) : null;
  if (!response.ok) {
    throw new Error(json?.detail ?? `${method} ${path} answered ${response.status}`);
  }
  return json;
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const phonePath = (number) => `/phones/${encodeURIComponent(number)}`;

// --- phones and calls -------------------------------------------------------------------------------------------

let refreshing = 0;
function refreshSoon() {
  if (!refreshing) {
    refreshing = setTimeout(() => {
      refreshing = 0;
      refresh().catch(report);
    }, 150);
  }
}

function report(problem) {
  $("link").textContent = String(problem.message ?? problem);
}

async function refresh() {
  const [phones, calls] = await Promise.all([control("GET", "/phones"), control("GET", "/calls")]);
  $("phones").replaceChildren(...phones.map(phoneRow));
  showRinging(phones.filter((phone) => phone.kind === "person" && phone.state === "ringing"));
  const mine = phones.find((phone) => phone.kind === "person" && phone.state === "talking");
  if (mine && talking?.callSid !== mine.callSid) {
    beginTalk(mine.number, mine.callSid);
  } else if (!mine && talking) {
    endTalk();
  }
  showCalls(calls);
}

function phoneRow(phone) {
  const person = phone.kind === "person";
  const button = element("button", {
    type: "button",
    className: "plain",
    textContent: person ? "Give it back to its script" : "I answer this phone",
  });
  button.setAttribute("aria-label", `${button.textContent}: ${phone.number}`);
  button.onclick = () => takePhone(phone.number, !person).catch(report);
  return element(
    "tr",
    {},
    element("td", { textContent: phone.number }),
    element("td", { textContent: phone.state }),
    element("td", { textContent: phone.calls, className: "count" }),
    element("td", {}, element("span", { textContent: `${person ? "you" : phone.kind} ` }), button),
  );
}

async function takePhone(number, person) {
  await control("PUT", phonePath(number), { behaviour: { kind: person ? "person" : "answer" } });
  await refresh();
}

function showCalls(calls) {
  const shown = calls.slice(-20).reverse();
  const open = new Set([...document.querySelectorAll("#calls details[open]")].map((d) => d.dataset.sid));
  $("calls").replaceChildren(
    ...(shown.length ? shown.map((call) => callDetails(call, open)) : [
      element("p", { className: "hint", textContent: "No call yet." }),
    ]),
  );
}

function callDetails(call, open) {
  const seconds = Math.round(call.talkMillis / 1000);
  const counts = call.counts;
  const details = element(
    "details",
    { open: open.has(call.callSid) || call.state === "talking" },
    element("summary", {
      textContent: `${call.number}: ${call.state}, ${seconds} s, ${call.callerTurns} caller turns, `
        + `${counts.underruns} underruns, ${counts.lostFrames} lost frames`,
    }),
    ...call.conversation.map((turn) => turnLine(turn)),
    call.hearing ? turnLine({ who: "persona", text: `${call.hearing}…`, startMillis: call.talkMillis }) : null,
  );
  details.dataset.sid = call.callSid;
  return details;
}

function turnLine(turn) {
  const mark = turn.interrupted ? " (cut off)" : "";
  return element(
    "div",
    { className: `turn ${turn.who}` },
    element("b", { textContent: `${turn.who} ${(turn.startMillis / 1000).toFixed(1)} s${mark}` }),
    turn.text || "(sound without words)",
  );
}

// --- being the person at a phone ---------------------------------------------------------------------------------

function showRinging(ringing) {
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

function beginTalk(number, callSid) {
  talking = { number, callSid };
  following = null;
  $("lines").replaceChildren();
  $("talk").hidden = false;
  $("talk-state").textContent = `${number} is on a call.`;
  $("say").focus();
  entries.filter((entry) => entry.call === callSid).forEach(hearEntry);
}

function endTalk() {
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
function hearEntry(entry) {
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
$("take-form").onsubmit = (event) => {
  event.preventDefault();
  takePhone($("take").value.trim(), true).catch(report);
};

// Ringing a persona: you are the person at the phone that rings it.
async function showNumbers() {
  const settings = await control("GET", "/twilio");
  $("ring-to").replaceChildren(...settings.numbers.map((number) => element("option", { textContent: number })));
}
$("ring-form").onsubmit = async (event) => {
  event.preventDefault();
  const { from, to } = Object.fromEntries(new FormData(event.target));
  $("ring-error").textContent = "";
  try {
    await takePhone(from.trim(), true);
    await control("POST", "/twilio/calls", { from: from.trim(), to });
    refreshSoon();
  } catch (problem) {
    $("ring-error").textContent = problem.message;
  }
};

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

// --- e-mails -------------------------------------------------------------------------------------------------------

const mailsShown = new Set();
function showMail(entry) {
  const mail = entry.detail;
  if (mailsShown.has(entry.seq)) {
    return;
  }
  if (mailsShown.size === 0) {
    $("mails").replaceChildren();
  }
  mailsShown.add(entry.seq);
  const body = element("div");
  const details = element(
    "details",
    {},
    element("summary", { textContent: `${time(entry.at)} to ${[mail.to].flat().join(", ")}: ${mail.subject ?? ""}` }),
    body,
  );
  // Foreign HTML: shown in a frame that may run nothing and reach nothing.
  details.ontoggle = () => {
    if (details.open && !body.hasChildNodes()) {
      const frame = element("iframe", { title: `E-mail: ${mail.subject ?? ""}`, srcdoc: mail.html ?? "" });
      frame.setAttribute("sandbox", "");
      body.append(...(mail.html ? [frame] : []), element("pre", { textContent: mail.text ?? "" }));
    }
  };
  $("mails").prepend(details);
  while ($("mails").children.length > MAX_ROWS) {
    $("mails").lastChild.remove();
  }
}

// --- faults --------------------------------------------------------------------------------------------------------

async function showFaults() {
  const faults = await control("GET", "/faults");
  $("faults").replaceChildren(...faults.map((fault) => {
    const clear = element("button", { type: "button", className: "plain", textContent: `Clear ${fault.id}` });
    clear.onclick = () => control("DELETE", `/faults/${fault.id}`).then(showFaults).catch(report);
    const times = fault.remaining < 0 ? "until cleared" : fault.remaining === 1 ? "once more" : `${fault.remaining} times more`;
    return element("li", {}, `${fault.vendor} ${fault.operation} ${fault.kind} for ${fault.target ?? "all"}, ${times} `, clear);
  }));
}

$("fault-form").onsubmit = (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  const fault = {
    ...fields,
    target: fields.target || null,
    delayMillis: Number(fields.delayMillis),
    count: Number(fields.count),
  };
  $("fault-error").textContent = "";
  control("POST", "/faults", fault).then(showFaults).catch((problem) => {
    $("fault-error").textContent = problem.message;
  });
};

// --- journal -------------------------------------------------------------------------------------------------------

const time = (instant) => new Date(instant).toLocaleTimeString([], { hour12: false });

function matches(entry) {
  const vendor = $("filter-vendor").value;
  const text = $("filter-text").value.toLowerCase();
  return (!vendor || entry.vendor === vendor)
    && (!text || JSON.stringify(entry).toLowerCase().includes(text));
}

function journalRow(entry) {
  return element(
    "tr",
    {},
    ...[time(entry.at), entry.vendor, entry.kind, entry.call ?? "", JSON.stringify(entry.detail)].map((text) =>
      element("td", { textContent: text })),
  );
}

let waitingRows = [];
let drawing = 0;
function addJournal(entry) {
  if (matches(entry)) {
    waitingRows.push(entry);
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      $("journal").prepend(...waitingRows.slice(-MAX_ROWS).reverse().map(journalRow));
      waitingRows = [];
      while ($("journal").children.length > MAX_ROWS) {
        $("journal").lastChild.remove();
      }
    });
  }
}

function redrawJournal() {
  waitingRows = [];
  $("journal").replaceChildren(...entries.filter(matches).slice(-MAX_ROWS).reverse().map(journalRow));
}
$("filter-vendor").onchange = redrawJournal;
$("filter-text").oninput = redrawJournal;
$("reset").onclick = async () => {
  if (confirm("Hang up all calls and forget journals, faults and phone settings?")) {
    await control("POST", "/reset").catch(report);
    location.reload();
  }
};

// --- the stream of everything ---------------------------------------------------------------------------------------

const CHANGES = /^(phone\.|call\.|heard$|said$)/;
function receive(entry) {
  entries.push(entry);
  if (entries.length > KEPT_ENTRIES) {
    entries.splice(0, entries.length - KEPT_ENTRIES);
  }
  hearEntry(entry);
  addJournal(entry);
  if (entry.kind === "email.accepted") {
    showMail(entry);
  }
  if (entry.kind === "fault.struck") {
    showFaults().catch(report);
  }
  if (CHANGES.test(entry.kind)) {
    refreshSoon();
  }
}

// All e-mails, but of everything else only the latest: a long chaos run leaves more than a page can hold.
async function start() {
  const past = await control("GET", "/journal?vendor=resend&kind=email.accepted");
  past.entries.forEach(showMail);
  const stream = new EventSource(`/control/events?since=${Math.max(0, past.lastSeq - KEPT_ENTRIES)}&plain=true`);
  stream.onopen = () => {
    $("link").textContent = "Live";
    refreshSoon();
    showFaults().catch(report);
    showNumbers().catch(report);
  };
  stream.onmessage = (event) => receive(JSON.parse(event.data));
  stream.onerror = () => {
    $("link").textContent = "The simulators do not answer; trying again…";
  };
}
start().catch(report);
