// Phones and calls as they are now, read anew when the journal tells of a change.

import { $, control, element, phonePath, report } from "./page.js";
import { beginTalk, currentCall, endTalk, showRinging } from "./talk.js";

let refreshing = 0;
export function refreshSoon() {
  if (!refreshing) {
    refreshing = setTimeout(() => {
      refreshing = 0;
      refresh().catch(report);
    }, 150);
  }
}

async function refresh() {
  const [phones, calls] = await Promise.all([control("GET", "/phones"), control("GET", "/calls")]);
  $("phones").replaceChildren(...phones.map(phoneRow));
  showRinging(phones.filter((phone) => phone.kind === "person" && phone.state === "ringing"));
  const mine = phones.find((phone) => phone.kind === "person" && phone.state === "talking");
  if (mine && currentCall() !== mine.callSid) {
    beginTalk(mine.number, mine.callSid);
  } else if (!mine && currentCall()) {
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

$("take-form").onsubmit = (event) => {
  event.preventDefault();
  takePhone($("take").value.trim(), true).catch(report);
};

// Ringing a persona: you are the person at the phone that rings it.
export async function showNumbers() {
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
