/* outbox: no decision is lost between a key pressed and a row stored.
 *
 * An act is written to localStorage before it is sent and leaves it when the server has answered;
 * each in an item of its own, so that two tabs never overwrite each other's. One that got a 503 or
 * no answer is sent again with the same token, which the server stores once, after longer and longer
 * pauses and in the order in which they were made. One that was refused (a 4xx) stays, with the
 * reason, until the person has seen it. Acts go out only for the person who made them. */

import { ApiError, currentSession, newToken, post } from './api.js';

const PREFIX = 'retort.outbox.';
const PAUSES = [2, 4, 8, 15, 30, 60];
const PATIENCE_MS = 15000;

const unkept = new Map(); /* where localStorage is full or closed */
const waiters = new Map(); /* token → who wants to know what became of it */
let running = null; /* the promise of the flush that is under way */
let failures = 0;
let timer = 0;
let retryAt = 0;

function changed() {
    document.dispatchEvent(new CustomEvent('retort:outbox'));
}

function write(entry) {
    try {
        localStorage.setItem(PREFIX + entry.token, JSON.stringify(entry));
        unkept.delete(entry.token);
    } catch {
        unkept.set(entry.token, entry);
    }
    changed();
}

function remove(token) {
    unkept.delete(token);
    try {
        localStorage.removeItem(PREFIX + token);
    } catch {
        /* It was never there. */
    }
    changed();
}

function read(key) {
    try {
        const entry = JSON.parse(localStorage.getItem(key));
        return entry && typeof entry.path === 'string' && typeof entry.token === 'string' ? entry : null;
    } catch {
        return null;
    }
}

/* All that is in the box, the oldest first. */
export function entries() {
    const found = [...unkept.values()];
    try {
        for (let i = 0; i < localStorage.length; i++) {
            const key = localStorage.key(i);
            const entry = key.startsWith(PREFIX) ? read(key) : null;
            if (entry)
                found.push(entry);
        }
    } catch {
        /* Storage is closed: what is unkept is all there is. */
    }
    return found.sort((a, b) => a.made - b.made);
}

function isMine(entry) {
    return entry.user === currentSession()?.user;
}

export function state() {
    const all = entries();
    return {
        waiting: all.filter((entry) => isMine(entry) && !entry.refused),
        refused: all.filter((entry) => isMine(entry) && entry.refused),
        others: all.filter((entry) => !isMine(entry)),
        unkept: unkept.size,
        troubled: failures > 0,
        retryAt,
    };
}

/* The comments of this person's acts that are not known to be stored. */
export function underway() {
    const comments = entries().filter((entry) => isMine(entry) && !entry.refused)
        .map((entry) => /^\/api\/comments\/(\d+)\//.exec(entry.path)?.[1]);
    return comments.filter(Boolean).map(Number);
}

function settle(token, outcome) {
    waiters.get(token)?.(outcome);
    waiters.delete(token);
}

/* What it was before it was known whether it arrived: stored now, so it can be taken back. */
async function takeBack(answer) {
    const id = answer.decision?.id ?? answer.batch;
    if (id)
        await post(`/api/decisions/${id}/undo`).catch((error) => {
            if (error.isPassing)
                throw error;
        });
}

async function deliver(entry) {
    const answer = await post(entry.path, entry.body, { keepalive: true, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (read(PREFIX + entry.token)?.undone || entry.undone)
        await takeBack(answer);
    remove(entry.token);
    settle(entry.token, { answer });
}

function failed(entry, error) {
    const kept = { ...(read(PREFIX + entry.token) ?? entry), tries: (entry.tries || 0) + 1, why: error.message };
    const isPassing = !(error instanceof ApiError) || error.isPassing || error.status === 401;
    if (!isPassing)
        kept.refused = true;
    write(kept);
    settle(entry.token, isPassing ? { kept } : { refused: error });
    return isPassing;
}

function pause() {
    const seconds = PAUSES[Math.min(failures, PAUSES.length - 1)];
    failures++;
    retryAt = Date.now() + 1000 * seconds;
    clearTimeout(timer);
    timer = setTimeout(flush, 1000 * seconds);
}

async function sendAll() {
    clearTimeout(timer);
    let entry;
    while ((entry = entries().find((each) => isMine(each) && !each.refused))) {
        try {
            await deliver(entry);
            failures = 0;
            retryAt = 0;
        } catch (error) {
            if (failed(entry, error)) {
                pause();
                break;
            }
        }
    }
}

/* Sends what waits, one after another; stops at the first that cannot be sent now. Answers when it
 * has stopped. */
export function flush() {
    if (!running && currentSession()?.user)
        running = sendAll().finally(() => {
            running = null;
            changed();
        });
    return running ?? Promise.resolve();
}

/* Keeps an act and sends it. Answers { answer } | { kept } | { refused: ApiError }; never throws.
 * body gets its token here. about: what it is, in words, for the list of what waits. */
export function submit(path, body, about) {
    const token = newToken();
    const last = entries().at(-1)?.made ?? 0;
    const entry = {
        token, path, about, body: { ...body, token }, user: currentSession()?.user ?? null,
        made: Math.max(Date.now(), last + 1), tries: 0,
    };
    const outcome = new Promise((resolve) => waiters.set(token, resolve));
    write(entry);
    flush();
    return outcome;
}

/* The person's last act that still waits is taken back; whether one did. When it may have arrived
 * although no answer came, it is sent again and then undone, which is what the server knows how to do. */
export function undoLast() {
    const entry = entries().filter((each) => isMine(each) && !each.refused && !each.undone).at(-1);
    if (entry)
        write({ ...entry, undone: true, about: `take back: ${entry.about}` });
    return entry ?? null;
}

export function discard(token) {
    remove(token);
}

/* Refused once; circumstances may have changed. */
export function tryAgain(token) {
    const entry = read(PREFIX + token) ?? unkept.get(token);
    if (entry)
        write({ ...entry, refused: false });
    failures = 0;
    flush();
}

window.addEventListener('online', flush);
window.addEventListener('storage', (event) => {
    if (event.key?.startsWith(PREFIX))
        changed();
});
window.addEventListener('beforeunload', (event) => {
    if (unkept.size)
        event.preventDefault();
});
document.addEventListener('retort:session', flush);
