/* shell: what stands around every view: who works here, how the page looks, the keys, and what still
 * waits in this browser to be sent. */

import { currentSession, fetchSession, signOut } from './api.js';
import { button, element, replace } from './dom.js';
import { moment, plural } from './format.js';
import { bind, keycap, shortcuts } from './keys.js';
import * as outbox from './outbox.js';
import { openKeys, openLook } from './settings.js';
import { openSignIn, signInNotice } from './signin.js';
import { rest } from './sitting.js';
import { announce, openDialog, toast } from './ui.js';

let app;

/* ---- who ---- */

function openPerson() {
    const session = currentSession();
    if (!session?.user)
        return openSignIn();
    const dialog = openDialog('Signed in', [
        element('p', {}, 'You work as ', element('strong', {}, session.user), session.auth ? `, ${session.role}.` : '.'),
        !session.auth && element('p', {}, 'It stands beside what you decide. This server takes any name as it is given.'),
        element('p', { class: 'dialog-actions' },
            button('Sign out', async () => {
                dialog.close();
                await rest();
                await signOut().then(() => app.reload(), (error) => toast(error.message, { urgent: true }));
            }),
            !session.auth && button('Another name…', () => { dialog.close(); openSignIn(); })),
        element('p', { class: 'quiet' }, `retort ${session.version ?? ''}`),
    ]);
    return dialog;
}

function drawTools() {
    const session = currentSession();
    const name = session?.user;
    replace(document.getElementById('tools'),
        element('span', { id: 'outbox-tool' }),
        button('Display', openLook, { class: 'tool', title: 'Theme and size of text' }),
        button([element('span', {}, 'Keys'), keycap('help')], openKeys, { class: 'tool', 'aria-keyshortcuts': shortcuts('help') }),
        button(name ? [element('span', { class: 'initial', 'aria-hidden': 'true' }, name.slice(0, 1).toUpperCase()),
                       element('span', { class: 'unseen' }, 'Signed in as '), element('span', { class: 'person' }, name)] : 'Sign in',
            openPerson, { class: name ? 'tool who' : 'tool who primary' }));
    drawOutbox();
}

/* ---- what waits ---- */

function entryRow(entry, redraw) {
    return element('li', { class: entry.refused ? 'refused' : '' },
        element('div', {}, element('strong', {}, entry.about),
            element('span', { class: 'quiet' }, ` ${moment(new Date(entry.made).toISOString())}`)),
        entry.why && element('div', { class: 'quiet' }, entry.refused ? `Refused: ${entry.why}` : entry.why),
        entry.refused && element('div', { class: 'row' },
            button('Try again', () => { outbox.tryAgain(entry.token); redraw(); }),
            button('Forget it', () => { outbox.discard(entry.token); redraw(); })));
}

function openOutbox() {
    const body = element('div');
    const redraw = () => {
        const { waiting, refused, others, retryAt } = outbox.state();
        const seconds = Math.max(0, Math.round((retryAt - Date.now()) / 1000));
        replace(body,
            element('p', {}, waiting.length
                ? `What you decided is kept in this browser and sent again by itself${seconds ? `, next in ${seconds} s` : ''}. It also outlives a reload.`
                : 'Nothing of yours waits to be sent.'),
            waiting.length > 0 && element('p', {}, button('Send now', () => outbox.flush(), { class: 'primary' })),
            element('ul', { class: 'outbox' }, [...refused, ...waiting].map((entry) => entryRow(entry, redraw))),
            others.length > 0 && element('p', {}, `${plural(others.length, 'change')} by ${[...new Set(others.map((entry) => entry.user))].join(', ')} will be sent when they sign in here.`));
    };
    redraw();
    document.addEventListener('retort:outbox', redraw);
    const clock = setInterval(redraw, 1000);
    openDialog('Not sent yet', body, { onClose: () => {
        clearInterval(clock);
        document.removeEventListener('retort:outbox', redraw);
    } });
}

let saidWaiting = 0;

/* In words, in the header, only when there is something to say. */
function drawOutbox() {
    const place = document.getElementById('outbox-tool');
    const { waiting, refused, others, troubled } = outbox.state();
    const stuck = troubled ? waiting.length : 0;
    if (!place)
        return;
    const text = refused.length ? `${plural(refused.length, 'change')} refused`
        : stuck ? `${plural(stuck, 'change')} not sent yet`
        : others.length ? `${plural(others.length, 'change')} of others` : '';
    if (place.textContent !== text)
        replace(place, text && button(text, openOutbox, { class: refused.length || stuck ? 'tool trouble' : 'tool', 'aria-haspopup': 'dialog' }));
    if (stuck > 0 && saidWaiting === 0)
        announce(`The server did not take it. ${plural(stuck, 'change')} kept in this browser, sent again by itself.`, { urgent: true });
    if (stuck === 0 && saidWaiting > 0 && !refused.length)
        announce('All sent.');
    saidWaiting = stuck;
}

/* ---- the rest ---- */

function drawNotices() {
    const session = currentSession();
    replace(document.getElementById('notices'), session && !session.user && signInNotice(session));
}

export function startShell(theApp) {
    app = theApp;
    drawTools();
    document.addEventListener('retort:session', () => { drawTools(); drawNotices(); });
    document.addEventListener('retort:outbox', drawOutbox);
    document.addEventListener('retort:signed-in', () => app.reload());
    bind({ help: openKeys });
    document.querySelector('.skip-link').addEventListener('click', (event) => {
        event.preventDefault();
        document.getElementById('main').focus();
    });
    window.addEventListener('online', () => fetchSession().catch(() => null));
}
