/* settings: how the page looks and which keys do what, each kept in this browser. */

import { button, element, replace } from './dom.js';
import { ACTS, areOff, assign, assignDefaults, keysOf, nameOf, shown, turnOff } from './keys.js';
import { openDialog } from './ui.js';

/* ---- look ---- */

const THEMES = [['', 'As the system has it'], ['light', 'Light'], ['dark', 'Dark']];
const SIZES = [['small', 'Small'], ['', 'Normal'], ['large', 'Large'], ['larger', 'Larger'], ['largest', 'Largest']];

function readLook() {
    const { theme = '', size = '' } = document.documentElement.dataset;
    return { theme, size };
}

function setLook(look) {
    for (const [name, value] of Object.entries(look))
        if (value)
            document.documentElement.dataset[name] = value;
        else
            delete document.documentElement.dataset[name];
    try {
        localStorage.setItem('retort.look', JSON.stringify(look));
    } catch {
        /* It holds for this visit. */
    }
}

function choices(legend, name, options) {
    const now = readLook()[name];
    return element('fieldset', { class: 'choices' }, element('legend', {}, legend),
        options.map(([value, text]) => element('label', {},
            element('input', { type: 'radio', name, value, checked: value === now,
                on: { change: () => setLook({ ...readLook(), [name]: value }) } }),
            element('span', {}, text))));
}

export function openLook() {
    openDialog('Display', [choices('Theme', 'theme', THEMES), choices('Size of text', 'size', SIZES)], { className: 'narrow' });
}

/* ---- keys ---- */

/* Waits for one key; Escape leaves it as it was, and modifiers alone are no key. */
function catchKey(node, done) {
    node.textContent = 'press a key';
    node.classList.add('catching');
    const end = (key) => {
        node.removeEventListener('keydown', onKey);
        node.removeEventListener('blur', onBlur);
        done(key);
    };
    const onBlur = () => end(null);
    const onKey = (event) => {
        if (event.key === 'Tab' || /^(?:Shift|Control|Alt|Meta|AltGraph|CapsLock|Dead|Process)$/.test(event.key))
            return;
        event.preventDefault();
        event.stopPropagation();
        end(event.key === 'Escape' ? null : nameOf(event));
    };
    node.addEventListener('keydown', onKey);
    node.addEventListener('blur', onBlur);
}

function keyRow(row, redraw) {
    const keys = keysOf(row.act);
    const now = keys.length ? keys.map((key) => element('kbd', {}, shown(key))) : 'no key';
    const change = button([element('span', { class: 'unseen' }, `${row.title}: `), now], (event) => {
        catchKey(event.currentTarget, (key) => {
            if (key)
                assign(row.act, key);
            redraw(row.act);
        });
    }, { class: 'key-change', data: { for: row.act }, title: 'Change it' });
    return element('li', {}, element('span', { 'aria-hidden': 'true' }, row.title), change);
}

function keyList(body, focus) {
    const redraw = (act) => keyList(body, act);
    const groups = [...new Set(ACTS.map((row) => row.group))];
    replace(body,
        element('p', { class: 'quiet' }, 'Choose a key to change it. Keys are ignored while you type.'),
        element('div', { class: 'key-groups' }, groups.map((group) => element('section', {}, element('h3', {}, group),
            element('ul', { class: 'key-list' }, ACTS.filter((row) => row.group === group).map((row) => keyRow(row, redraw)))))),
        element('p', { class: 'dialog-actions' },
            element('label', { class: 'check' },
                element('input', { type: 'checkbox', checked: areOff(), on: { change: (event) => turnOff(event.target.checked) } }),
                'No single keys at all'),
            button('As they were at first', () => { assignDefaults(); redraw(); })));
    if (focus)
        body.querySelector(`[data-for="${focus}"]`)?.focus();
}

export function openKeys() {
    const body = element('div');
    keyList(body);
    openDialog('Keys', body, { className: 'wide' });
}
