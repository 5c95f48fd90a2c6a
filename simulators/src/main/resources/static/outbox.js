// The outbox page: shows what the simulators did, and lets a person answer a phone. Everything it knows comes from the
// journal's event stream and a few reads of /control; nothing is kept here beyond the page.

import { firstKept, keep } from "./journal.js";
import { $, MAX_ROWS, control, element, report, time } from "./page.js";
import { refreshSoon, showNumbers } from "./phones.js";
import { hearEntry } from "./talk.js";

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

// --- the stream of everything --------------------------------------------------------------------------------------

const CHANGES = /^(phone\.|call\.|heard$|said$)/;
function receive(entry) {
  keep(entry);
  hearEntry(entry);
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
  const stream = new EventSource(`/control/events?since=${firstKept(past.lastSeq)}&plain=true`);
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
