/* queue_item: one comment as a row of the queue. */

import { currentSession } from './api.js';
import { element } from './dom.js';
import { writeFilters } from './filters.js';
import { ago, moment, pageName, plural } from './format.js';
import { labelMarks } from './labels.js';

function about(item, filters) {
    const link = (more, text, title) => element('a', { href: `/queue${writeFilters({ ...filters, ...more })}`, title }, text);
    return element('p', { class: 'item-about' },
        item.author && link({ author: item.author }, element('bdi', {}, item.author), 'Only comments of this author'),
        item.time && element('time', { datetime: item.time, title: moment(item.time) }, ago(item.time)),
        link({ page: String(item.page.id) }, element('bdi', {}, pageName(item.page.source)), `Only comments of ${item.page.source}`),
        item.replies > 0 && element('span', {}, plural(item.replies, 'reply', 'replies')),
        item.held_by && item.held_by !== currentSession()?.user && element('span', { class: 'held' }, `${item.held_by} is on it`));
}

/* strength: 0 to 1, the item's score beside the best, seen as the stripe at its edge. onSelect(item, box, event). */
export function itemRow(item, { filters, strength, isSelected, onSelect }) {
    const box = element('input', { type: 'checkbox', checked: isSelected, 'aria-label': `Select comment ${item.comment}`,
        on: { click: (event) => onSelect(item, box, event) } });
    return element('li', { class: isSelected ? 'item selected' : 'item', data: { id: item.comment }, css: { strength } },
        element('label', { class: 'item-box' }, box),
        element('div', { class: 'item-body' },
            element('a', { class: 'item-text', dir: 'auto', href: `/comment/${item.comment}${writeFilters(filters)}` },
                item.excerpt.trim() || '(nothing but space)'),
            about(item, filters)),
        element('div', { class: 'item-marks' }, labelMarks(item.labels, item.task)));
}
