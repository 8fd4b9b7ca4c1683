/* sitting: one person's walk through a queue, one comment after another.
 *
 * The server hands out the best comment that nobody else holds, and it is theirs (a lease) until it
 * is given back or runs out. While one is judged, the next is already here, held too, so that it can
 * be shown at once. What was walked past stands in sessionStorage: a reload loses no place. */

import { get, mayDecide, post } from './api.js';
import { writeFilters } from './filters.js';
import { underway } from './outbox.js';

const STORE = 'retort.sitting';
const MOST_DONE = 900;
const MOST_LISTED = 200;
const RENEW_MS = 60000; /* a lease lasts five minutes */

const walk = readWalk(); /* { filters: as in the address, visited: [ids] } */
const ready = new Map(); /* id → { comment, task, explanations: Map of promises } */
const tasks = new Map(); /* id → the task that it stands in the queue for */
const drafts = new Map(); /* "id task" → labels ticked and not submitted */
let coming = null; /* the promise of the next one */
let ahead = null; /* the id that is held besides the one shown */
let left = null;
let shown = null; /* the id that is looked at */

function readWalk() {
    try {
        const read = JSON.parse(sessionStorage.getItem(STORE));
        if (typeof read.filters === 'string' && read.visited.every(Number.isInteger))
            return { filters: read.filters, visited: read.visited };
    } catch {
        /* A new walk. */
    }
    return { filters: null, visited: [] };
}

function keepWalk() {
    try {
        sessionStorage.setItem(STORE, JSON.stringify({ ...walk, visited: walk.visited.slice(-MOST_DONE) }));
    } catch {
        /* It lasts until a reload. */
    }
}

/* Another queue is another walk. */
function enter(filters) {
    const name = writeFilters(filters);
    if (walk.filters === name)
        return;
    walk.filters = name;
    walk.visited = [];
    coming = null;
    ahead = null;
    left = null;
    keepWalk();
}

export function rememberTasks(items) {
    for (const item of items)
        tasks.set(item.comment, item.task);
}

export function taskOf(id) {
    return tasks.get(id) ?? null;
}

export function leftNow() {
    return left;
}

/* Which of this sitting it is, from 1; 0: it was not given to be looked at. */
export function placeOf(id) {
    return walk.visited.indexOf(id) + 1;
}

/* ---- what was ticked ---- */

export function keepDraft(id, task, names) {
    if (names)
        drafts.set(`${id} ${task}`, names);
    else
        drafts.delete(`${id} ${task}`);
}

export function draftOf(id, task) {
    return drafts.get(`${id} ${task}`) ?? null;
}

/* Somebody else sits down, or nobody: what was fetched for the one before is gone. */
let sitter;
document.addEventListener('retort:session', ({ detail }) => {
    if (sitter !== undefined && sitter !== detail.user) {
        ready.clear();
        drafts.clear();
        coming = null;
        ahead = null;
    }
    sitter = detail.user;
});

/* ---- reading ---- */

function put(comment, task) {
    const entry = { comment, task, explanations: new Map() };
    ready.set(comment.id, entry);
    if (task)
        tasks.set(comment.id, task);
    return entry;
}

/* The comment, as it was fetched ahead, once, or anew. */
export async function read(id, signal) {
    const entry = ready.get(id) ?? put(await get(`/api/comments/${id}`, {}, { signal }), null);
    ready.delete(id);
    return entry;
}

export function forget(id) {
    ready.delete(id);
}

/* The words behind the labels of a task; asked for once. */
export function explanation(entry, task) {
    if (!entry.explanations.has(task)) {
        const asked = get(`/api/comments/${entry.comment.id}/explanations`, { task });
        entry.explanations.set(task, asked);
        asked.catch(() => entry.explanations.delete(task));
    }
    return entry.explanations.get(task);
}

/* ---- walking ---- */

/* For those who only look, nothing is held: the one that stands behind `id` in the queue's beginning. */
async function lookNext(filters, id) {
    const { items } = await get('/api/queue', { ...filters, limit: MOST_LISTED });
    const ids = items.map((item) => item.comment);
    return ids[ids.indexOf(id) + 1] ?? null;
}

/* Held on: what is looked at, and what was decided and may not have arrived, else somebody else is given it. */
async function askNext(filters, keep) {
    if (!mayDecide())
        return lookNext(filters, keep);
    const answer = await post('/api/next', { filters, done: walk.visited.slice(-MOST_DONE), keep: [...new Set([keep, ...underway()])].filter(Boolean) });
    left = answer.left;
    ahead = answer.comment?.id ?? null;
    if (!answer.comment)
        return null;
    const entry = put(answer.comment, answer.task ?? filters.task ?? null);
    const task = entry.task ?? entry.comment.labels[0]?.task;
    if (task)
        explanation(entry, task).catch(() => null);
    return answer.comment.id;
}

/* Fetches the next one while `id` is looked at. */
export function prepare(filters, id) {
    enter(filters);
    if (!walk.visited.includes(id)) {
        walk.visited.push(id);
        keepWalk();
    }
    if (ahead === id)
        ahead = null;
    if (!coming && walk.visited.at(-1) === id && mayDecide()) {
        coming = askNext(filters, id);
        coming.catch(() => { coming = null; });
    }
}

/* The one after `id`: walked past before, or the next of the queue; null: there is none. */
export async function after(filters, id) {
    enter(filters);
    const at = walk.visited.indexOf(id);
    if (at >= 0 && at < walk.visited.length - 1)
        return walk.visited[at + 1];
    const asked = coming ?? askNext(filters, id);
    coming = null;
    return asked;
}

export function before(id) {
    const at = walk.visited.indexOf(id);
    return at > 0 ? walk.visited[at - 1] : at < 0 ? walk.visited.at(-1) ?? null : null;
}

/* Begins at the top of the queue, whatever was walked past before. */
export async function start(filters) {
    enter(filters);
    walk.visited = [];
    coming = null;
    keepWalk();
    return askNext(filters, null);
}

/* ---- leases ---- */

function lease(id, hold, options) {
    return post('/api/lease', { comment: id, hold }, options);
}

/* What was fetched ahead, held on; lost when this machine slept and somebody else took it. */
function renewAhead(id) {
    if (!ahead || ahead === id)
        return;
    lease(ahead, true).catch((error) => {
        if (error.status !== 409)
            return;
        ready.delete(ahead);
        ahead = null;
        coming = null;
    });
}

/* Holds what is looked at, and what was fetched ahead, until told to stop. onOther(name): somebody
 * else has it, or nobody else (null). Answers how to stop. */
export function hold(id, onOther) {
    if (!mayDecide())
        return () => null;
    const renew = async () => {
        try {
            await lease(id, true);
            onOther(null);
        } catch (error) {
            if (error.status === 409)
                onOther((await get(`/api/comments/${id}`).catch(() => null))?.held_by ?? 'somebody else');
        }
        renewAhead(id);
    };
    const timer = setInterval(renew, RENEW_MS);
    shown = id;
    renew();
    return () => clearInterval(timer);
}

/* Gives back what is held: the walk pauses, or the person changes. Answers when all is given back. */
export function rest() {
    const held = [shown, ahead].filter((id) => id && mayDecide());
    shown = null;
    coming = null;
    ahead = null;
    return Promise.all(held.map((id) => lease(id, false, { keepalive: true }).catch(() => null)));
}
