// Figures and states in a person's words.

const money = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', minimumFractionDigits: 6, maximumFractionDigits: 6 });
const price = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', minimumFractionDigits: 2, maximumFractionDigits: 12 });
const cents = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' });
const MOMENT = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
const when = new Intl.DateTimeFormat(undefined, MOMENT);
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

export const usd = (amount) => (amount === null || amount === undefined ? '–' : money.format(amount));
/** What a person pays, to the cent: $14.99. */
export const dollars = (amount) => cents.format(amount);
/** A unit price, to its last place: $0.0000006. */
export const unitPrice = (amount) => price.format(amount);
export const moment = (iso) => when.format(new Date(iso));
/** A booked time as it was booked: on the clock of its own zone, which is named where it is not this device's. */
export function planned(call) {
  const own = when.resolvedOptions().timeZone;
  if (!call.timeZone || call.timeZone === own) return moment(call.scheduledFor);
  const there = new Intl.DateTimeFormat(undefined, { ...MOMENT, timeZone: call.timeZone });
  return `${there.format(new Date(call.scheduledFor))} (${call.timeZone.replaceAll('_', ' ')})`;
}
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
export const dayOf = (iso) => day.format(new Date(iso));
export const timeOfDay = (iso) => clock.format(new Date(iso));

/** 185 → "3:05"; credit is minutes to a person, so there are no hours. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function fromNow(iso) {
  const seconds = (new Date(iso) - Date.now()) / 1000;
  const [unit, size] = [['day', 86400], ['hour', 3600], ['minute', 60]].find(([, n]) => Math.abs(seconds) >= n) ?? ['second', 1];
  return relative.format(Math.round(seconds / size), unit);
}

const STATUS = {
  scheduled: ['Scheduled', 'calm'], due: ['Getting ready', 'live'], admitted: ['Getting ready', 'live'],
  dialing: ['Dialling', 'live'], ringing: ['Ringing', 'live'], in_progress: ['On the call', 'live'],
  retry_wait: ['Will ring again', 'calm'], ended: ['Settling', 'live'], settled: ['Settling', 'live'],
  completed: ['Completed', 'good'], canceled: ['Cancelled', 'muted'], refused: ['Not allowed', 'bad'],
  missed: ['Missed', 'bad'], unanswered: ['Not answered', 'muted'], failed: ['Failed', 'bad'],
};
export const statusWord = (status) => STATUS[status]?.[0] ?? words(status);
export const statusTone = (status) => STATUS[status]?.[1] ?? 'muted';

// Every ChargeReason of the domain, then why a call that was never settled came to nothing. A test compares the two.
const REASONS = {
  never_answered: 'nobody answered', machine: 'an answering machine picked up', too_short: 'the call lasted 15 seconds or less',
  no_user_speech: 'not a word of yours was heard', vendor_fault: 'a service we rely on failed',
  lost_media: 'sound was lost through our fault', by_the_second: 'talk is charged by the second', whole_length: 'more than half of the planned length was used, so all of it is charged', no_conversation: 'it did not come to a conversation',
  user: 'you cancelled it', canceled_by_user: 'you cancelled it', too_late: 'it could not be started in time',
  busy: 'the line was busy', no_answer: 'nobody answered', never_dialed: 'it was never dialled', cut_off: 'the call was cut off',
};
/** "never_answered" → "nobody answered"; codes that are new here read as words. */
export const reasonWord = (code) => (code ? REASONS[code] ?? words(code) : '');
// Every ChargePolicy of the domain: what is said before a call is settled.
const POLICIES = { by_the_second: 'charged by the second', whole_length: 'all of a call is charged once more than half of its planned length was used' };
export const policyWord = (code) => POLICIES[code] ?? words(code);
export const words = (code) => (code ?? '').replaceAll('_', ' ').toLowerCase();
const ENDED = { user: 'you hung up', agent: 'the persona said goodbye', system: 'the time was up', error: 'a technical fault' };
/** By the reason, where that says more than who ended it. */
export const endedWord = (by, reason) => (reason === 'budget' ? 'your budget was used up' : ENDED[by] ?? words(by));
const VENDORS = { twilio: 'Twilio', deepgram: 'Deepgram', elevenlabs: 'ElevenLabs', llm: 'Language model', platform: 'Platform', resend: 'Resend', cerebras: 'Cerebras' };
export const vendorWord = (vendor) => VENDORS[vendor] ?? vendor;
// Every kind of posting of the ledger. A test compares the two.
const KINDS = {
  grant_free: 'Credit received', grant_paid: 'Credit bought', hold: 'Set aside for a call', hold_growth: 'Set aside for more minutes',
  capture: 'Call charged', capture_breakage: 'Call charged', release: 'Given back', release_breakage: 'Given back',
  hold_expiry: 'Given back', hold_expiry_breakage: 'Given back', late_capture: 'Call charged late', recovery: 'Earlier call charged',
  grant_expiry: 'Expired unused', refund: 'Payment given back', dispute: 'Payment taken back by the bank',
  clawback_recovery: 'Taken for a payment given back', clawback_undone: 'Payment is back', reversal: 'Charge given back after a review',
  call_cost: 'Our cost of a call', other_cost: 'Our other costs', card_fee: 'Our cost of a payment',
};
export const kindWord = (kind) => KINDS[kind] ?? words(kind);
const SOURCES = {
  pack: 'Pack', single_call: 'Single call', subscription: 'Plan', trial: 'Free minutes', promo: 'Gift', referral: 'Recommendation', goodwill: 'Goodwill',
};
export const sourceWord = (source) => SOURCES[source] ?? words(source);
