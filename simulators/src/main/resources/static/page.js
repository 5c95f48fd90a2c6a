// What every part of the page uses.

export const $ = (id) => document.getElementById(id);
export const MAX_ROWS = 400;

export async function control(method, path, body) {
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

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export const phonePath = (number) => `/phones/${encodeURIComponent(number)}`;

export function report(problem) {
  $("link").textContent = String(problem.message ?? problem);
}

export const time = (instant) => new Date(instant).toLocaleTimeString([], { hour12: false });
