/* queue: what deserves a human first, narrowed by what stands in the address. */

import { get, mayDecide } from './api.js';
import { append, button, element, replace } from './dom.js';
import { readFilters, stateOf, writeFilters } from './filters.js';
import { count, pageName, plural } from './format.js';
import { bind, keycap, shortcuts } from './keys.js';
import { facets } from './queue_facets.js';
import { itemRow } from './queue_item.js';
import * as sitting from './sitting.js';
import { undoLastAct } from './undo.js';
import { announce, blank, failure, heading, toast } from './ui.js';

export const title = 'Queue';

const TYPING_PAUSE_MS = 300;
const INDEX_PAUSE_MS = 2000;
const NARROW = '(max-width: 60rem)';

/* What a visit to the queue knows; one object, drawn by the functions below. */
function newState(parameters, app) {
    return {
        app, signal: parameters.signal, filters: readFilters(parameters.query), counts: null,
        items: [], next: null, best: 0, selected: new Map(), lastSelected: null, request: null, parts: {},
    };
}

/* Where the person went from here, so that coming back finds the place again. */
const left = { address: null, comment: null };

function here() {
    return location.pathname + location.search;
}

function leaveFor(item) {
    left.address = here();
    left.comment = item.comment;
}

function findPlace(queue) {
    const row = left.address === here() ? queue.parts.list.querySelector(`[data-id="${left.comment}"] .item-text`) : null;
    left.address = null;
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'center' });
}

/* ---- reading ---- */

function narrowing(filters, items) {
    const chips = [];
    if (filters.draw)
        chips.push(['draw', `sample ${filters.draw}`]);
    if (filters.page)
        chips.push(['page', `page ${items[0] && String(items[0].page.id) === filters.page ? pageName(items[0].page.source) : filters.page}`]);
    if (filters.author)
        chips.push(['author', `by ${filters.author}`]);
    return chips;
}

async function load(queue, { more = false } = {}) {
    queue.request?.abort();
    const request = queue.request = new AbortController();
    queue.signal.addEventListener('abort', () => request.abort());
    queue.parts.list.setAttribute('aria-busy', 'true');
    const counting = !more && !queue.filters.q; /* a search is counted when its index is made */
    if (counting)
        loadCounts(queue, request);
    try {
        const answer = await get('/api/queue', { ...queue.filters, after: more ? queue.next : undefined }, request);
        queue.next = answer.next;
        queue.indexed = answer.indexed;
        queue.added = answer.items;
        sitting.rememberTasks(answer.items);
        queue.items = more ? [...queue.items, ...answer.items] : answer.items;
        queue.best = queue.items.reduce((most, item) => Math.max(most, item.score), 0);
        draw(queue, more);
        findPlace(queue);
        if (!more && !counting)
            loadCounts(queue, request);
        if (answer.indexed < 1)
            setTimeout(() => lookAgain(queue, request), INDEX_PAUSE_MS);
    } catch (error) {
        if (error.name !== 'AbortError')
            replace(queue.parts.list, failure(error, () => load(queue)));
    } finally {
        if (queue.request === request)
            queue.parts.list.removeAttribute('aria-busy');
    }
}

/* The search index was being made: more may be found now, unless the person has gone on. */
function lookAgain(queue, request) {
    if (queue.request === request && !request.signal.aborted && !queue.selected.size)
        load(queue);
}

/* Beside the list, which waits for no count. */
async function loadCounts(queue, request) {
    queue.counts &&= { ...queue.counts, matching: undefined };
    try {
        queue.counts = await get('/api/counts', queue.filters, request);
    } catch {
        return; /* The list says what is wrong. */
    }
    drawAround(queue);
    if (queue.parts.list.querySelector('.blank:not(.failure)'))
        replace(queue.parts.list, empty(queue));
    announce(`${plural(queue.counts.matching, 'comment')} ${queue.counts.matching === 1 ? 'fits' : 'fit'}`);
}

/* Another filter: the address changes, the view stays. */
function apply(queue, change, { replace: isTyping = false } = {}) {
    queue.filters = readFilters(new URLSearchParams(writeFilters({ ...queue.filters, ...change })));
    queue.selected.clear();
    queue.app.setAddress(`/queue${writeFilters(queue.filters)}`, { replace: isTyping });
    return load(queue);
}

/* ---- selecting ---- */

function setSelected(queue, item, isOn) {
    if (isOn)
        queue.selected.set(item.comment, item);
    else
        queue.selected.delete(item.comment);
    const row = queue.parts.list.querySelector(`[data-id="${item.comment}"]`);
    row?.classList.toggle('selected', isOn);
    if (row)
        row.querySelector('input').checked = isOn;
}

function select(queue, item, isOn, toHere) {
    const at = queue.items.indexOf(item);
    const from = queue.items.findIndex((each) => each.comment === queue.lastSelected);
    const range = toHere && from >= 0 ? queue.items.slice(Math.min(at, from), Math.max(at, from) + 1) : [item];
    for (const each of range)
        setSelected(queue, each, isOn);
    queue.lastSelected = item.comment;
    drawBar(queue);
    announce(`${count(queue.selected.size)} selected`);
}

function selectAll(queue, isOn) {
    for (const item of queue.items)
        setSelected(queue, item, isOn);
    drawBar(queue);
}

async function openBulk(queue, what) {
    const { openBulk: open } = await import('./bulk.js');
    const done = await open(queue.app, what);
    if (done && !queue.signal.aborted) {
        queue.selected.clear();
        load(queue);
    }
}

function bulk(queue) {
    if (queue.selected.size)
        return openBulk(queue, { comments: [...queue.selected.keys()], task: queue.filters.task });
    return openBulk(queue, { filters: queue.filters });
}

/* ---- drawing ---- */

function drawCounts(queue) {
    const { counts } = queue;
    const isWhole = counts && counts.matching === counts.waiting && stateOf(queue.filters) === 'waiting';
    replace(queue.parts.counts, counts?.matching !== undefined && [
        !isWhole && [element('strong', {}, count(counts.matching)), counts.matching === 1 ? ' fits · ' : ' fit · '],
        element('span', { class: 'quiet' }, `${count(counts.waiting)} of ${plural(counts.comments, 'comment')} ${counts.waiting === 1 ? 'waits' : 'wait'}`)]);
}

function drawBar(queue) {
    const n = queue.selected.size;
    const { all, chosen, bulkButton } = queue.parts;
    all.checked = n > 0 && n === queue.items.length;
    all.indeterminate = n > 0 && n < queue.items.length;
    queue.parts.bar.hidden = false;
    queue.parts.check.hidden = queue.items.length === 0;
    chosen.textContent = n ? `${count(n)} selected` : 'Select all shown';
    bulkButton.hidden = !mayDecide() || queue.items.length === 0;
    const many = n || queue.counts?.matching;
    replace(bulkButton, many ? `Decide for ${n || many === 1 ? '' : 'all '}${count(many)}…` : 'Decide for all…', keycap('bulk'));
}

function drawChips(queue) {
    replace(queue.parts.chips, narrowing(queue.filters, queue.items).map(([name, text]) =>
        button([text, element('span', { 'aria-hidden': 'true' }, '×')], () => apply(queue, { [name]: '' }),
            { class: 'chip chip-off', 'aria-label': `No longer only ${text}` })),
    queue.filters.q && queue.indexed < 1 && element('span', { class: 'quiet' }, `The search index is ${Math.floor(100 * queue.indexed)} % made; more may be found in a moment.`));
}

function drawFacets(queue) {
    const at = document.activeElement?.dataset?.change;
    replace(queue.parts.facets, facets(queue.filters, queue.counts));
    if (at)
        [...queue.parts.facets.querySelectorAll('a')].find((link) => link.dataset.change === at)?.focus();
}

function empty(queue) {
    const isNarrow = Object.keys(queue.filters).some((name) => name !== 'order' && name !== 'seed');
    if (queue.counts?.comments === 0)
        return blank('No comments yet', 'Drop a page in, or paste one, and it is split, labelled and in the queue.',
            element('a', { class: 'button', href: '/pages' }, 'Bring a page in'));
    if (!isNarrow)
        return blank('All done', 'Nothing waits for a person. Well done.',
            element('a', { class: 'button', href: '/dashboard' }, 'See what was done'));
    return blank('Nothing fits', stateOf(queue.filters) === 'waiting' ? 'Nothing that waits fits these filters.' : 'No comment fits these filters.',
        element('a', { class: 'button', href: '/queue' }, 'Without filters'));
}

function row(queue, item) {
    return itemRow(item, {
        filters: queue.filters, strength: queue.best > 0 ? Math.max(0, item.score / queue.best) : 0,
        isSelected: queue.selected.has(item.comment),
        onSelect: (which, box, event) => select(queue, which, box.checked, event.shiftKey),
    });
}

function drawMore(queue) {
    const { more } = queue.parts;
    const left = Math.max(0, (queue.counts?.matching ?? 0) - queue.items.length);
    more.hidden = !queue.next;
    more.textContent = left ? `Load more (${count(left)} left)` : 'Load more';
}

/* All but the list itself. */
function drawAround(queue) {
    drawCounts(queue);
    drawFacets(queue);
    drawChips(queue);
    drawBar(queue);
    drawMore(queue);
}

function draw(queue, isMore) {
    const { list } = queue.parts;
    drawAround(queue);
    if (isMore) {
        append(list.firstChild, queue.added.map((item) => row(queue, item)));
        list.querySelector(`[data-id="${queue.added[0]?.comment}"] a`)?.focus();
        return;
    }
    replace(list, queue.items.length ? element('ol', { class: 'items' }, queue.items.map((item) => row(queue, item))) : empty(queue));
}

/* ---- moving ---- */

function itemOf(queue, node) {
    const id = Number(node?.closest?.('.item')?.dataset.id);
    return queue.items.find((item) => item.comment === id);
}

function focusedItem(queue) {
    return itemOf(queue, document.activeElement);
}

function move(queue, step) {
    const at = queue.items.indexOf(focusedItem(queue));
    const next = queue.items[at < 0 ? (step > 0 ? 0 : -1) : at + step];
    if (!next && step > 0 && queue.next)
        return load(queue, { more: true });
    const link = next && queue.parts.list.querySelector(`[data-id="${next.comment}"] .item-text`);
    link?.focus({ preventScroll: true });
    link?.closest('.item').scrollIntoView({ block: 'nearest' });
    return undefined;
}

function withFocused(queue, act) {
    const item = focusedItem(queue);
    if (item)
        act(item);
}

function keyTable(queue) {
    return {
        next: () => move(queue, 1),
        previous: () => move(queue, -1),
        open: () => document.activeElement?.closest?.('.item')?.querySelector('.item-text').click(),
        select: () => withFocused(queue, (item) => select(queue, item, !queue.selected.has(item.comment), false)),
        selectTo: () => withFocused(queue, (item) => select(queue, item, true, true)),
        bulk: () => mayDecide() && queue.items.length && bulk(queue),
        search: () => queue.parts.search.focus(),
        one: () => startOne(queue),
        undo: async () => {
            if (await undoLastAct())
                load(queue);
        },
    };
}

async function startOne(queue) {
    try {
        const id = await sitting.start(queue.filters);
        if (id)
            return queue.app.navigate(`/comment/${id}${writeFilters(queue.filters)}`);
        toast(queue.counts?.comments === 0 ? 'No comments yet: bring a page in first'
            : 'Nothing that fits is free: others have it, or all is done.');
    } catch (error) {
        toast(error.message, { urgent: true });
    }
    return undefined;
}

/* ---- the view ---- */

function searchField(queue) {
    let timer = 0;
    const input = element('input', { type: 'search', placeholder: 'Search the comments', 'aria-label': 'Search the comments',
        'aria-keyshortcuts': shortcuts('search'), value: queue.filters.q ?? '', on: {
            input: () => {
                clearTimeout(timer);
                timer = setTimeout(() => apply(queue, { q: input.value.trim() }, { replace: true }), TYPING_PAUSE_MS);
            },
            keydown: (event) => {
                if (event.key === 'Escape')
                    input.blur();
                if (event.key === 'Enter') {
                    clearTimeout(timer);
                    apply(queue, { q: input.value.trim() });
                }
            },
        } });
    queue.parts.search = input;
    return element('div', { class: 'search', role: 'search' }, input, keycap('search'));
}

function onFacet(queue, event) {
    const link = event.target.closest('a[data-change]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0)
        return;
    event.preventDefault();
    apply(queue, JSON.parse(link.dataset.change));
}

function onItem(queue, event) {
    const item = event.target.closest('.item-text') && itemOf(queue, event.target);
    if (item)
        leaveFor(item);
}

function build(queue, root) {
    const { parts } = queue;
    parts.counts = element('p', { class: 'queue-counts number' });
    parts.facets = element('div', { class: 'facets', on: { click: (event) => onFacet(queue, event) } });
    parts.chips = element('div', { class: 'row chips' });
    parts.all = element('input', { type: 'checkbox', on: { change: () => selectAll(queue, parts.all.checked) } });
    parts.chosen = element('span');
    parts.bulkButton = button('', () => bulk(queue), { class: 'button', 'aria-keyshortcuts': shortcuts('bulk') });
    parts.list = element('div', { class: 'queue-list', on: { click: (event) => onItem(queue, event) } });
    parts.more = button('Load more', () => load(queue, { more: true }), { class: 'button load-more', hidden: true });
    parts.check = element('label', { class: 'check' }, parts.all, parts.chosen);
    parts.bar = element('div', { class: 'queue-bar', hidden: true }, parts.check, parts.chips, parts.bulkButton);
    root.className = 'queue';
    root.append(
        element('div', { class: 'queue-head' }, heading('Queue'), parts.counts, searchField(queue),
            button(['One at a time', keycap('one')], () => startOne(queue), { class: 'primary', 'aria-keyshortcuts': shortcuts('one') })),
        element('details', { class: 'queue-side', open: !matchMedia(NARROW).matches },
            element('summary', {}, 'Filters and order'), parts.facets),
        element('section', { class: 'queue-main', 'aria-label': 'Comments' }, parts.bar, parts.list, parts.more));
}

export async function render(root, parameters, app) {
    const queue = newState(parameters, app);
    build(queue, root);
    const release = bind(keyTable(queue));
    load(queue);
    return release;
}
