/* keys: a table of acts, the keys that do them, and who listens now.
 *
 * A view binds acts, not keys; the person may give an act other keys, kept in localStorage. Keys are
 * ignored while something is typed, and behind an open dialog. The last who bound an act has it. */

import { element } from './dom.js';

/* group: where the help lists it. Keys as in other labelling tools. */
export const ACTS = [
    { act: 'accept', keys: ['a'], title: 'Accept: the labels are right', group: 'Decide' },
    { act: 'submit', keys: ['n'], title: 'Submit what is ticked, and next', group: 'Decide' },
    ...Array.from({ length: 9 }, (_, i) => (
        { act: `label${i + 1}`, keys: [`${i + 1}`], title: `Label ${i + 1}: on or off`, group: 'Decide' })),
    { act: 'skip', keys: ['s'], title: 'Skip: not for me', group: 'Decide' },
    { act: 'escalate', keys: ['e'], title: 'Escalate: somebody else should look', group: 'Decide' },
    { act: 'note', keys: ['m'], title: 'Write a note', group: 'Decide' },
    { act: 'undo', keys: ['u', 'Ctrl+z'], title: 'Undo my last act', group: 'Decide' },
    { act: 'next', keys: ['j'], title: 'Next', group: 'Move' },
    { act: 'previous', keys: ['k'], title: 'Previous', group: 'Move' },
    { act: 'one', keys: ['z'], title: 'One at a time, the most deserving first', group: 'Move' },
    { act: 'open', keys: ['o'], title: 'Open', group: 'Move' },
    { act: 'queue', keys: ['q'], title: 'Back to the queue', group: 'Move' },
    { act: 'search', keys: ['/'], title: 'Search', group: 'Move' },
    { act: 'task', keys: ['t'], title: 'Another task of this comment', group: 'Look' },
    { act: 'words', keys: ['w'], title: 'The words behind another label', group: 'Look' },
    { act: 'article', keys: ['r'], title: 'Read the article', group: 'Look' },
    { act: 'select', keys: ['x'], title: 'Select or unselect', group: 'Select' },
    { act: 'selectTo', keys: ['Shift+x'], title: 'Select from the last one to here', group: 'Select' },
    { act: 'bulk', keys: ['b'], title: 'Decide for all that are selected', group: 'Select' },
    { act: 'splitArticle', keys: ['a'], title: 'These lines are of the article', group: 'Correct a split' },
    { act: 'splitComment', keys: ['c'], title: 'These lines are comment', group: 'Correct a split' },
    { act: 'splitFurniture', keys: ['f'], title: 'These lines are furniture', group: 'Correct a split' },
    { act: 'splitCut', keys: ['n'], title: 'A new comment begins here', group: 'Correct a split' },
    { act: 'splitMerge', keys: ['m'], title: 'Join to the comment before', group: 'Correct a split' },
    { act: 'splitParent', keys: ['p'], title: 'Choose what it answers', group: 'Correct a split' },
    { act: 'splitSave', keys: ['s'], title: 'Save the correction', group: 'Correct a split' },
    { act: 'help', keys: ['?'], title: 'These keys', group: 'Help' },
];

const STORE = 'retort.keys';
const REPEATING = new Set(['next', 'previous']);
const listeners = []; /* { act: function } tables, the newest last */

let chosen = readChosen();

function readChosen() {
    try {
        const read = JSON.parse(localStorage.getItem(STORE)) || {};
        const keys = Object.entries(read.keys || {}).filter(([, list]) =>
            Array.isArray(list) && list.every((key) => typeof key === 'string'));
        return { off: read.off === true, keys: Object.fromEntries(keys) };
    } catch {
        return { off: false, keys: {} };
    }
}

function keep() {
    try {
        localStorage.setItem(STORE, JSON.stringify(chosen));
    } catch {
        /* They hold for this visit. */
    }
    document.dispatchEvent(new CustomEvent('retort:keys'));
}

export function keysOf(act) {
    return chosen.keys[act] ?? ACTS.find((row) => row.act === act)?.keys ?? [];
}

export function areOff() {
    return chosen.off;
}

export function turnOff(off) {
    chosen = { ...chosen, off };
    keep();
}

/* Acts on a split and acts on a comment never listen together, so one key may do both. */
function areApart(one, other) {
    const isSplit = (act) => act.startsWith('split');
    const isOfBoth = (act) => ['undo', 'next', 'previous', 'help'].includes(act);
    return isSplit(one) !== isSplit(other) && !isOfBoth(one) && !isOfBoth(other);
}

/* Gives the act this one key, and takes it from whoever else would hear it. */
export function assign(act, key) {
    const keys = { ...chosen.keys };
    for (const row of ACTS)
        if (keysOf(row.act).includes(key) && !areApart(act, row.act))
            keys[row.act] = keysOf(row.act).filter((each) => each !== key);
    keys[act] = [key];
    chosen = { ...chosen, keys };
    keep();
}

export function assignDefaults() {
    chosen = { off: false, keys: {} };
    keep();
}

const SHOWN = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', ' ': 'space', Escape: 'Esc' };

export function shown(key) {
    const parts = key.split(/\+(?=.)/);
    const last = parts.pop();
    return [...parts, SHOWN[last] ?? (last.length === 1 ? last.toUpperCase() : last)].join(' ');
}

/* The key of an act as it stands on a button; stays true when keys are changed. */
export function keycap(act) {
    const cap = element('kbd', { class: 'key', 'aria-hidden': 'true', data: { act } });
    writeCap(cap);
    return cap;
}

function writeCap(cap) {
    const [key] = keysOf(cap.dataset.act);
    cap.textContent = key && !chosen.off ? shown(key) : '';
    cap.hidden = !cap.textContent;
}

document.addEventListener('retort:keys', () => document.querySelectorAll('kbd.key[data-act]').forEach(writeCap));

/* For aria-keyshortcuts. */
export function shortcuts(act) {
    return chosen.off ? undefined : keysOf(act).map((key) => key.replace('Ctrl', 'Control')).join(' ') || undefined;
}

/* "Ctrl+z", "Shift+x", "?", "ArrowDown": Shift is named only where the sign does not tell it. */
export function nameOf(event) {
    const isLetter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
    const key = isLetter ? event.key.toLowerCase() : event.key;
    return (event.ctrlKey || event.metaKey ? 'Ctrl+' : '') + (event.altKey ? 'Alt+' : '') +
           (event.shiftKey && (isLetter || event.key.length > 1) ? 'Shift+' : '') + key;
}

/* French rows of digits give signs without Shift: the place of the key then says which digit. */
function digitOf(event) {
    const place = /^(?:Digit|Numpad)(\d)$/.exec(event.code || '');
    return place && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey ? place[1] : null;
}

function isTyping(target) {
    return target instanceof Element &&
           target.closest('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=range])') !== null;
}

function handlerOf(act) {
    return listeners.findLast((table) => table[act])?.[act];
}

/* Of the acts that have the key, the one that somebody listens for. */
function actOf(event) {
    const key = nameOf(event);
    const holds = (name) => ACTS.find((row) => keysOf(row.act).includes(name) && handlerOf(row.act))?.act;
    return holds(key) ?? holds(digitOf(event));
}

document.addEventListener('keydown', (event) => {
    if (chosen.off || event.isComposing || event.defaultPrevented || isTyping(event.target) ||
        document.querySelector('dialog[open]'))
        return;
    const act = actOf(event);
    const handler = act && handlerOf(act);
    if (!handler)
        return;
    event.preventDefault();
    if (!event.repeat || REPEATING.has(act))
        handler(event);
});

/* table: { act: function }. Answers how to stop listening. */
export function bind(table) {
    listeners.push(table);
    return () => {
        const at = listeners.indexOf(table);
        if (at >= 0)
            listeners.splice(at, 1);
    };
}
