/* ui: what is said to the person: announcements, short messages, dialogs, empty places. */

import { append, button, element, replace } from './dom.js';

const TOAST_MS = 6000;

/* Said by a screen reader, seen by nobody. Emptied first, so that the same words are said again. */
export function announce(text, { urgent = false } = {}) {
    const place = document.getElementById(urgent ? 'alarm' : 'announcer');
    place.textContent = '';
    setTimeout(() => { place.textContent = text; }, 50);
}

/* A message at the foot of the page. action: { text, act } is a button on it. */
export function toast(text, { action, urgent = false } = {}) {
    const box = document.getElementById('toasts');
    const node = element('div', { class: urgent ? 'toast urgent' : 'toast' }, element('span', {}, text));
    const close = () => node.remove();
    if (action)
        append(node, button(action.text, () => { close(); action.act(); }, { class: 'link' }));
    append(node, button('×', close, { class: 'close', 'aria-label': 'Close this message' }));
    replace(box, node);
    announce(text, { urgent });
    let timer = setTimeout(close, TOAST_MS * (urgent ? 2 : 1));
    node.addEventListener('pointerenter', () => clearTimeout(timer));
    node.addEventListener('pointerleave', () => { timer = setTimeout(close, TOAST_MS); });
}

let dialogs = 0;

/* Opens a modal dialog with a heading; content: nodes. Answers { node, close }. The focus goes back to
 * where it was when it closes; onClose(value) is told what close(value) was given. */
export function openDialog(title, content, { onClose, className = '' } = {}) {
    const id = `dialog-${++dialogs}`;
    const before = document.activeElement;
    const close = (value) => node.close(value === undefined ? '' : String(value));
    const node = element('dialog', { class: `dialog ${className}`, 'aria-labelledby': id },
        element('div', { class: 'dialog-head' },
            element('h2', { id }, title),
            button('×', () => close(), { class: 'close', 'aria-label': 'Close' })),
        element('div', { class: 'dialog-body' }, content));
    node.addEventListener('click', (event) => {
        if (event.target === node)
            close();
    });
    node.addEventListener('close', () => {
        node.remove();
        if (before?.isConnected)
            before.focus();
        onClose?.(node.returnValue);
    });
    document.body.append(node);
    node.showModal();
    return { node, close };
}

/* What stands in a view that has nothing to show: a title, a sentence, buttons. */
export function blank(title, text, ...actions) {
    return element('section', { class: 'blank' }, element('h2', {}, title), text && element('p', {}, text),
        actions.length > 0 && element('p', { class: 'blank-actions' }, actions));
}

/* A message may begin with the name of a file, which stays as it is. */
function sentence(text) {
    return text.replace(/^[a-z](?=[a-z]* )/, (first) => first.toUpperCase()) + (/[.!?…]$/.test(text) ? '' : '.');
}

/* An error in words, with the way on; what is not there is not there again. isWhole: it is all there is in the view. */
export function failure(error, tryAgain, { isWhole = false } = {}) {
    return element('section', { class: 'blank failure', role: 'alert' },
        element(isWhole ? 'h1' : 'h2', { tabindex: isWhole ? '-1' : undefined }, error.status === 404 ? 'Not here' : 'That didn’t work'),
        element('p', {}, sentence(error.message)),
        element('p', { class: 'blank-actions' },
            tryAgain && error.status !== 404 && button('Try again', tryAgain, { class: 'primary' }),
            element('a', { class: 'button', href: '/queue' }, 'To the queue')));
}

export function heading(text, ...more) {
    return element('h1', { tabindex: '-1' }, text, ...more);
}
