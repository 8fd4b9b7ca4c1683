/* format: numbers, times and names as a person reads them. */

const COUNT = new Intl.NumberFormat('en');
const DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const MOMENT = new Intl.DateTimeFormat('en', {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false,
});

export function count(number) {
    return COUNT.format(number);
}

/* plural(1, 'comment') → "1 comment"; plural(2, 'reply', 'replies') */
export function plural(number, one, many = `${one}s`) {
    return `${count(number)} ${number === 1 ? one : many}`;
}

/* A probability: never 0 % or 100 % where it is neither. */
export function percent(p) {
    if (p > 0 && p < 0.005)
        return '<1 %';
    if (p < 1 && p > 0.995)
        return '>99 %';
    return `${Math.round(100 * p)} %`;
}

/* A share of a sum, always with its sign; the minus is a minus. */
export function signed(number, digits = 3) {
    const text = Math.abs(number).toFixed(digits);
    return Number(text) === 0 ? ` ${text}` : (number < 0 ? '−' : '+') + text;
}

/* A source may call anything a time. */
function asTold(time) {
    const text = String(time ?? '');
    return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/* Hours and days ago for what is recent, else the date. */
export function ago(time, now = Date.now()) {
    const then = Date.parse(time);
    if (Number.isNaN(then))
        return asTold(time);
    const minutes = Math.floor((now - then) / 60000);
    if (minutes < 0 || minutes >= 7 * 24 * 60)
        return DATE.format(then);
    if (minutes < 1)
        return 'just now';
    if (minutes < 60)
        return `${minutes} min ago`;
    return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : plural(Math.floor(minutes / 1440), 'day') + ' ago';
}

export function moment(time) {
    const then = Date.parse(time);
    return Number.isNaN(then) ? asTold(time) : MOMENT.format(then);
}

/* The end of a path or address says which page it is. */
export function pageName(source) {
    const text = String(source ?? '').replace(/[?#].*$/, '').replace(/\/+$/, '');
    const name = text.slice(text.lastIndexOf('/') + 1);
    return name || text || '?';
}

/* "identity_attack" is for machines. */
export function words(name) {
    return String(name).replaceAll('_', ' ');
}

export function labelNames(names) {
    return names === null || names === undefined ? '' : names.length ? names.map(words).join(', ') : 'none of them';
}
