/* comment: one comment with all that is needed to judge it, and the next one at once.
 *
 * What is ticked is a draft until it is submitted; submitting puts the act into the outbox and goes on
 * without waiting for the server. The comment is held (a lease) while it is looked at. */

import { currentSession, mayDecide } from './api.js';
import { button, element, replace } from './dom.js';
import { readFilters, writeFilters } from './filters.js';
import { ago, count, labelNames, moment, pageName, words } from './format.js';
import { bind } from './keys.js';
import { isHuman } from './labels.js';
import * as outbox from './outbox.js';
import { actBar, isSame, labelPanel, noteField } from './panel.js';
import { pastBox } from './past.js';
import * as sitting from './sitting.js';
import { articleBox, centreThread, parentBox, threadBox } from './thread.js';
import { undoLastAct } from './undo.js';
import { announce, blank, heading, toast } from './ui.js';
import { shadedText, sumTable } from './words.js';

export const title = 'Comment';

const NARROW = '(max-width: 60rem)';

const choices = { articleIsOpen: false, sumIsWhole: false }; /* kept from comment to comment */

/* ---- what is judged ---- */

function labelOf(desk, task = desk.task) {
    return desk.comment.labels.find((label) => label.task === task);
}

function draft(desk, task) {
    return sitting.draftOf(desk.id, task);
}

function ticks(desk) {
    return draft(desk, desk.task) ?? labelOf(desk)?.label ?? [];
}

function isChanged(desk) {
    return desk.comment.labels.some((label) => draft(desk, label.task));
}

/* The task that the queue gave it for; else the first that is open and unsure, else open. */
function firstTask(desk, given) {
    const { labels } = desk.comment;
    const wanted = [desk.filters.task, given, sitting.taskOf(desk.id)].find((task) => labels.some((label) => label.task === task));
    const open = labels.filter((label) => !isHuman(label));
    return wanted ?? (open.find((label) => label.unsure && label.choice === 'any-of') ?? open.find((label) => label.unsure) ?? open[0] ?? labels[0])?.task ?? null;
}

/* Whose words to show first: a label that is on, the most probable. */
function mostTelling(label) {
    const weight = (score) => score.p + (score.on ? 1 : 0);
    return [...label?.scores ?? []].sort((a, b) => weight(b) - weight(a))[0]?.name ?? null;
}

function setTicks(desk, names) {
    const stands = labelOf(desk).label;
    sitting.keepDraft(desk.id, desk.task, isSame(names, stands) ? null : names);
    drawPanel(desk);
}

function tick(desk, name) {
    const label = labelOf(desk);
    const now = ticks(desk);
    const isOn = now.includes(name);
    if (label.choice === 'one-of')
        setTicks(desk, [name]);
    else
        setTicks(desk, label.scores.map((score) => score.name).filter((each) => each === name ? !isOn : now.includes(each)));
    announce(`${words(name)} ${label.choice === 'one-of' || !isOn ? 'on' : 'off'}`);
    explain(desk, name);
}

function pressLabel(desk, number) {
    const score = labelOf(desk)?.scores[number - 1];
    if (score && !desk.isClosed)
        tick(desk, score.name);
}

/* ---- the words ---- */

function drawText(desk) {
    const label = desk.explanation?.labels.find((each) => each.name === desk.explained);
    replace(desk.parts.text, shadedText(desk.comment.text, label, (word) => markRow(desk, word)));
    drawSum(desk, label);
}

function markRow(desk, word) {
    for (const row of desk.parts.sum.querySelectorAll('tr[data-row]'))
        row.classList.toggle('pointed', word !== null && row.dataset.row === word.text.toLowerCase());
}

function markWords(desk, event) {
    const name = event.target.closest?.('tr[data-row]')?.dataset.row;
    for (const word of desk.parts.text.querySelectorAll('.word'))
        word.classList.toggle('pointed', name !== undefined && word.dataset.word === name);
}

function drawSum(desk, label) {
    const { sum } = desk.parts;
    if (desk.explanation === undefined)
        return;
    if (!label) {
        replace(sum, desk.whyNot && element('p', { class: 'quiet' }, desk.whyNot));
        return;
    }
    replace(sum,
        element('h2', {}, 'Why ', element('span', { class: 'explained-name' }, words(label.name)), '?'),
        element('p', { class: 'sum-legend' },
            element('span', { class: 'word for level-3' }, 'speaks for it'), ' ',
            element('span', { class: 'word against level-3' }, 'speaks against it')),
        sumTable(label, choices.sumIsWhole, () => {
            choices.sumIsWhole = !choices.sumIsWhole;
            drawSum(desk, label);
            sum.querySelector('button')?.focus();
        }));
}

async function fetchWords(desk) {
    const { task } = desk;
    try {
        const explanation = await sitting.explanation(desk.entry, task);
        if (desk.task !== task || desk.signal.aborted)
            return;
        desk.explanation = explanation;
        desk.whyNot = '';
    } catch (error) {
        if (desk.task !== task || desk.signal.aborted)
            return;
        desk.explanation = null;
        desk.whyNot = `The words behind it can’t be shown: ${error.message}`;
    }
    drawText(desk);
}

function explain(desk, name) {
    desk.explained = name;
    drawPanel(desk);
    drawText(desk);
}

function nextWords(desk) {
    const names = labelOf(desk)?.scores.map((score) => score.name) ?? [];
    explain(desk, names[(names.indexOf(desk.explained) + 1) % names.length]);
    announce(`Words behind ${words(desk.explained)}`);
}

function openTask(desk, task) {
    desk.task = task;
    desk.explanation = undefined;
    desk.explained = mostTelling(labelOf(desk));
    drawPanel(desk);
    drawText(desk);
    fetchWords(desk);
}

function nextTask(desk) {
    const names = desk.comment.labels.map((label) => label.task);
    openTask(desk, names[(names.indexOf(desk.task) + 1) % names.length]);
    announce(`${words(desk.task)}: ${labelNames(ticks(desk))}`);
}

/* ---- acts ---- */

function address(desk, id) {
    return `/comment/${id}${writeFilters(desk.filters)}`;
}

/* Once at a time: a key pressed twice passes over nothing. */
async function goOn(desk) {
    let id;
    if (desk.isGoing)
        return;
    desk.isGoing = true;
    try {
        id = await sitting.after(desk.filters, desk.id);
    } catch (error) {
        toast(`The next one can’t be fetched: ${error.message}`, { urgent: true, action: { text: 'Try again', act: () => goOn(desk) } });
        return;
    } finally {
        desk.isGoing = false;
    }
    if (desk.signal.aborted)
        return;
    if (id)
        await desk.app.navigate(address(desk, id));
    else
        drawEnd(desk);
}

function goBack(desk) {
    const id = sitting.before(desk.id);
    if (id)
        desk.app.navigate(address(desk, id));
    else
        toast('This is the first');
}

function goToQueue(desk) {
    desk.app.navigate(`/queue${writeFilters(desk.filters)}`);
}

function about(desk, act, task, labels) {
    const what = act === 'decide' ? labelNames(labels) : act;
    return `${words(task)}: ${what}, comment ${desk.id}`;
}

/* Into the outbox; what becomes of it is told when it is known. */
async function send(desk, act, task, labels, note) {
    const { id, app } = desk;
    const body = { task, act };
    if (labels)
        body.labels = labels;
    if (note)
        body.note = note;
    const outcome = await outbox.submit(`/api/comments/${id}/decisions`, body, about(desk, act, task, labels));
    if (outcome.refused)
        toast(`Not taken: ${outcome.refused.message}`, { urgent: true, action: { text: 'Look', act: () => app.navigate(address(desk, id)) } });
    return outcome;
}

/* It is judged: as it will be read again it is another, and a key pressed again only goes on. */
function stale(desk) {
    desk.isJudged = true;
    for (const label of desk.comment.labels)
        sitting.keepDraft(desk.id, label.task, null);
    sitting.forget(desk.id);
}

function mayAct(desk) {
    if (desk.isJudged) {
        goOn(desk);
        return false;
    }
    if (!mayDecide())
        toast(currentSession()?.user ? 'You may read, not decide' : 'Sign in to decide');
    else if (desk.isClosed)
        toast(`${desk.holder} has this comment before them`);
    return mayDecide() && !desk.isClosed && desk.task;
}

function accept(desk) {
    if (!mayAct(desk))
        return;
    if (isChanged(desk)) {
        toast('You changed the labels: submit them, or change them back');
        return;
    }
    const { label } = labelOf(desk);
    send(desk, 'decide', desk.task, label);
    announce(`Accepted: ${labelNames(label)}`);
    stale(desk);
    goOn(desk);
}

/* The open task as it is ticked, and every other one that was changed. */
function submit(desk) {
    if (!mayAct(desk))
        return;
    for (const label of desk.comment.labels) {
        const names = label.task === desk.task ? ticks(desk) : draft(desk, label.task);
        if (names)
            send(desk, 'decide', label.task, names);
    }
    announce(`Submitted: ${labelNames(ticks(desk))}`);
    stale(desk);
    goOn(desk);
}

function pass(desk, act, said) {
    if (!mayAct(desk))
        return;
    send(desk, act, desk.task);
    announce(said);
    stale(desk);
    goOn(desk);
}

function writeNote(desk) {
    if (!mayAct(desk) || desk.parts.note.firstChild)
        return;
    replace(desk.parts.note, noteField(async (text) => {
        replace(desk.parts.note);
        desk.parts.heading.focus({ preventScroll: true });
        if (!text)
            return;
        const outcome = await send(desk, 'note', desk.task, null, text);
        if (outcome.answer && !desk.signal.aborted) {
            desk.comment.decisions.push(outcome.answer.decision);
            replace(desk.parts.past, pastBox(desk.comment));
            toast('Noted');
        }
    }));
    desk.parts.note.querySelector('textarea').focus();
}

async function undo(desk) {
    const comments = await undoLastAct();
    if (!comments || desk.signal.aborted)
        return;
    for (const id of comments)
        sitting.forget(id);
    if (comments.length === 1 && comments[0] !== desk.id)
        desk.app.navigate(address(desk, comments[0]));
    else if (comments.includes(desk.id))
        desk.app.reload();
}

/* ---- drawing ---- */

function view(desk) {
    return {
        labels: desk.comment.labels, task: desk.task, ticks: ticks(desk), explained: desk.explained,
        isClosed: desk.isClosed || !mayDecide(), isChanged: isChanged(desk), mayUndo: mayDecide(),
        draft: (task) => draft(desk, task), act: desk.act,
    };
}

/* What had the focus has it again: the same label's box or button. */
function keepingFocus(root, redraw) {
    const had = root.contains(document.activeElement) ? document.activeElement.dataset : null;
    redraw();
    const again = had && [...root.querySelectorAll('input, button')].find((each) =>
        each.dataset.name === had.name && each.dataset.why === had.why && each.dataset.task === had.task);
    again?.focus({ preventScroll: true });
}

function drawPanel(desk) {
    const { panel, acts } = desk.parts;
    keepingFocus(panel, () => replace(panel, desk.task ? labelPanel(view(desk)) : element('p', { class: 'quiet' }, 'No model has labelled this comment.')));
    replace(acts, actBar(view(desk)));
}

function drawHolder(desk, name) {
    desk.holder = name;
    desk.isClosed = Boolean(name);
    replace(desk.parts.holder, name && element('p', { class: 'held-notice' }, `${name} has this comment before them now. `,
        button('Decide all the same', () => { drawHolder(desk, null); }, { class: 'link' })));
    drawPanel(desk);
}

function drawEnd(desk) {
    desk.parts.acts.remove();
    replace(desk.root, heading('Queue'), blank('That was the last',
        'Nothing more that fits is free: all of it is decided, passed over in this sitting, or before somebody else.',
        button('Begin again at the top', async () => {
            const id = await sitting.start(desk.filters).catch(() => null);
            if (id)
                desk.app.navigate(address(desk, id));
            else
                goToQueue(desk);
        }),
        element('a', { class: 'button', href: `/queue${writeFilters(desk.filters)}` }, 'To the queue')));
    desk.root.className = '';
    desk.root.querySelector('h1').focus();
    announce('That was the last');
}

function metaLine(desk) {
    const { comment } = desk;
    const left = sitting.leftNow(), place = sitting.placeOf(comment.id);
    return element('p', { class: 'comment-about' },
        comment.time && element('time', { datetime: comment.time, title: moment(comment.time) }, ago(comment.time)),
        element('span', {}, comment.split_page ? element('a', { href: `/pages/${comment.split_page}`, title: comment.page.source }, pageName(comment.page.source)) : pageName(comment.page.source)),
        comment.number && element('span', {}, `no. ${comment.number}`),
        !comment.current && element('span', { class: 'gone' }, 'no longer on the page'),
        left !== null && element('span', { class: 'number' }, `${place ? `${count(place)} looked at, ` : ''}${count(left)} in this queue`));
}

function metaBox(meta) {
    const entries = Object.entries(meta ?? {});
    return entries.length === 0 ? null : element('details', { class: 'meta' }, element('summary', {}, 'What else the source says'),
        element('dl', {}, entries.map(([name, value]) => [element('dt', {}, name), element('dd', {}, typeof value === 'string' ? value : JSON.stringify(value))])));
}

function build(desk) {
    const { comment, parts, root, filters } = desk;
    const article = articleBox(comment.article, choices.articleIsOpen, (isOpen) => { choices.articleIsOpen = isOpen; });
    parts.toggleArticle = article.toggle;
    parts.heading = heading(comment.author ? [element('bdi', {}, comment.author), element('span', { class: 'unseen' }, ` wrote comment ${comment.id}`)] : `Comment ${comment.id}`);
    parts.text = element('p', { class: 'comment-text', dir: 'auto' });
    parts.sum = element('div', { on: { pointerover: (event) => markWords(desk, event), pointerleave: (event) => markWords(desk, event) } });
    parts.panel = element('div', { class: 'tasks' });
    parts.acts = element('div', { class: 'act-bar' });
    parts.note = element('div');
    parts.holder = element('div');
    parts.past = element('div', {}, pastBox(comment));
    root.className = 'desk';
    replace(root,
        element('section', { class: 'desk-main', 'aria-label': 'Comment' },
            article.node, parentBox(comment.parent, filters),
            element('article', { class: comment.parent ? 'comment is-reply' : 'comment' },
                element('header', {}, parts.heading, metaLine(desk)), parts.text, metaBox(comment.meta))),
        element('section', { class: 'desk-side', 'aria-label': 'Decide' }, parts.holder, parts.panel, parts.note),
        element('section', { class: 'desk-more', 'aria-label': 'Why, thread and history' },
            element('section', { class: 'sum-box', 'aria-label': 'The words that decided' }, parts.sum),
            element('div', { class: 'desk-context' }, threadBox(comment, filters), parts.past)));
    placeActs(desk);
    centreThread(root);
}

/* The buttons stand beside the labels, or at the foot of a small screen, where thumbs are. */
function placeActs(desk) {
    const narrow = matchMedia(NARROW);
    const place = () => (narrow.matches ? document.getElementById('foot') : desk.root.querySelector('.desk-side')).append(desk.parts.acts);
    narrow.addEventListener('change', place, { signal: desk.signal });
    desk.signal.addEventListener('abort', () => desk.parts.acts.remove());
    place();
}

function keyTable(desk) {
    const { act } = desk;
    const labels = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`label${i + 1}`, () => pressLabel(desk, i + 1)]));
    return {
        ...labels, accept: act.accept, submit: act.submit, skip: act.skip, escalate: act.escalate, note: act.note, undo: act.undo,
        next: act.next, previous: act.previous, queue: act.queue, one: act.next,
        task: () => nextTask(desk), words: () => nextWords(desk), article: () => desk.parts.toggleArticle(),
    };
}

function actsOf(desk) {
    return {
        accept: () => accept(desk), submit: () => submit(desk),
        skip: () => pass(desk, 'skip', 'Skipped'), escalate: () => pass(desk, 'escalate', 'Escalated'),
        note: () => writeNote(desk), undo: () => undo(desk),
        next: () => goOn(desk), previous: () => goBack(desk), queue: () => goToQueue(desk),
        tick: (name) => tick(desk, name), explain: (name) => explain(desk, name), task: (task) => openTask(desk, task),
    };
}

export async function render(root, parameters, app) {
    const desk = {
        app, root, signal: parameters.signal, id: parameters.id, filters: readFilters(parameters.query),
        parts: {}, isClosed: false, holder: null, explanation: undefined,
    };
    desk.entry = await sitting.read(desk.id, desk.signal);
    desk.comment = desk.entry.comment;
    desk.task = firstTask(desk, desk.entry.task);
    desk.explained = mostTelling(labelOf(desk));
    desk.act = actsOf(desk);
    app.setTitle(`Comment ${desk.id}`);
    build(desk);
    drawHolder(desk, null);
    drawText(desk);
    if (desk.task)
        fetchWords(desk);
    sitting.prepare(desk.filters, desk.id);
    const release = bind(keyTable(desk));
    const letGo = sitting.hold(desk.id, (name) => {
        if (name !== desk.holder && !desk.signal.aborted)
            drawHolder(desk, name);
    });
    const onHide = () => sitting.rest();
    window.addEventListener('pagehide', onHide);
    return () => {
        release();
        letGo();
        window.removeEventListener('pagehide', onHide);
        if (!/^\/comment\//.test(location.pathname))
            sitting.rest();
    };
}
