// Speaks to the API. Every failure is thrown as a problem document, also when the network is the problem.

const KEY = 'callmeback.session';
let session = load();
const listeners = new Set();

function load() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY));
    return stored && new Date(stored.expiresAt) > new Date() ? stored : null;
  } catch {
    return null;
  }
}

export const user = () => session?.user ?? null;

export function onSession(listener) {
  listeners.add(listener);
}

export function setSession(next) {
  session = next;
  if (next) localStorage.setItem(KEY, JSON.stringify(next));
  else localStorage.removeItem(KEY);
  listeners.forEach((listener) => listener(session));
}

export function updateUser(changed) {
  setSession({ ...session, user: changed });
}

const OFFLINE = {
  code: 'offline',
  title: 'No connection',
  detail: 'The service cannot be reached. Check the connection and try again.',
};

const LATE = {
  code: 'offline',
  title: 'No answer',
  detail: 'The service did not answer in time. Try again; what was asked for is not done twice.',
};
/** The longest a person is left waiting, also for a file, and the longest a live stream may be silent: its heartbeats come more often. */
const ANSWER_MS = 30000;
const FILE_MS = 120000;
const SILENCE_MS = 45000;

async function request(method, path, body, headers = {}, patience = ANSWER_MS) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(session ? { Authorization: `Bearer ${session.token}` } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
  } catch (reason) {
    throw reason.name === 'TimeoutError' ? LATE : OFFLINE;
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch((reason) => {
    if (reason.name === 'TimeoutError') throw LATE;
    return {};
  });
  if (response.ok) return answer;
  if (response.status === 401 && session && answer.code === 'not_authenticated') setSession(null);
  throw { title: 'Something went wrong', detail: `The service answered ${response.status}.`, ...answer };
}

/** What is known to take its time is given more `patience`, in milliseconds. */
export const get = (path, patience) => request('GET', path, undefined, {}, patience);
export const post = (path, body, headers) => request('POST', path, body, headers);
export const patch = (path, body) => request('PATCH', path, body);
export const put = (path, body) => request('PUT', path, body);
export const del = (path) => request('DELETE', path);

/** Fetches a file: a link could not carry the token. */
export async function file(path) {
  let response;
  try {
    response = await fetch(path, { headers: session ? { Authorization: `Bearer ${session.token}` } : {}, signal: AbortSignal.timeout(FILE_MS) });
    if (response.ok) return await response.blob();
  } catch (reason) {
    throw reason.name === 'TimeoutError' ? LATE : OFFLINE;
  }
  throw { title: 'Something went wrong', detail: `The service answered ${response.status}.`, ...(await response.json().catch(() => ({}))) };
}

/** Fetches a file and gives it to the browser to keep. */
export async function download(path, name) {
  const url = URL.createObjectURL(await file(path));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Names one intention of the user, so that a repeat after a lost answer is not a second call. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

let personas;
/** The personas, fetched once. */
export function allPersonas() {
  personas ??= get('/api/personas').then((answer) => answer.personas).catch((problem) => {
    personas = undefined;
    throw problem;
  });
  return personas;
}

/**
 * Follows a call's events until it is over or `signal` aborts. A broken stream goes on after the last event seen;
 * `onState` is told 'live' or 'reconnecting'. EventSource cannot send the token, so the stream is read by hand.
 */
export async function follow(callId, after, onEvent, onState, signal) {
  let last = after;
  let wait = 500;
  while (!signal.aborted && session) {
    try {
      const response = await begun(`/api/calls/${callId}/events`, {
        Authorization: `Bearer ${session.token}`, Accept: 'text/event-stream', 'Last-Event-ID': String(last),
      }, signal);
      if (response.status === 401 || response.status === 404) return;
      if (!response.ok) throw new Error(String(response.status));
      onState('live');
      wait = 500;
      for await (const event of events(response.body)) {
        if (event.id) last = Number(event.id);
        if (event.event) onEvent(event.event, JSON.parse(event.data));
        if (event.event === 'end') return;
      }
    } catch (problem) {
      if (signal.aborted) return;
    }
    onState('reconnecting');
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 8000);
  }
}

/** A stream that has begun to answer, in time; from then on {@link timely} watches it. */
async function begun(path, headers, signal) {
  const late = AbortSignal.timeout(ANSWER_MS);
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal.addEventListener('abort', abort);
  late.addEventListener('abort', abort);
  const response = await fetch(path, { headers, signal: stop.signal });
  late.removeEventListener('abort', abort);
  return response;
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { value, done } = await timely(reader);
    if (done) return;
    buffer += value;
    let end;
    while ((end = buffer.indexOf('\n\n')) >= 0) {
      yield parse(buffer.slice(0, end));
      buffer = buffer.slice(end + 2);
    }
  }
}

/** The next piece; a connection that died without a word ends here. */
async function timely(reader) {
  let timer;
  const late = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Error('silent')), SILENCE_MS); });
  try {
    return await Promise.race([reader.read(), late]);
  } catch (problem) {
    reader.cancel().catch(() => {});
    throw problem;
  } finally {
    clearTimeout(timer);
  }
}

function parse(block) {
  const event = { data: '' };
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    if (at <= 0) continue;
    const name = line.slice(0, at);
    const value = line.slice(at + 1).replace(/^ /, '');
    if (name === 'data') event.data += value;
    else event[name] = value;
  }
  return event;
}
