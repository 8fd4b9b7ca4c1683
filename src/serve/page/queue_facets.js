/* queue_facets: what the queue can be narrowed to, with how much waits under each: links, so that each
 * is an address. */

import { element } from './dom.js';
import { orderOf, stateOf, writeFilters } from './filters.js';
import { count, words } from './format.js';

export const STATES = [
    ['waiting', 'Waiting'], ['decided', 'Decided'], ['changed', 'Corrected'], ['escalated', 'Escalated'],
    ['skipped', 'Skipped'], ['all', 'All'],
];

export const ORDERS = [
    ['worth', 'Most deserving'], ['severe', 'Most harm'], ['unsure', 'Most unsure'], ['newest', 'Newest'], ['random', 'Random'],
];

function facet(filters, change, text, { isOn, number, className = '' }) {
    return element('a', {
        href: `/queue${writeFilters({ ...filters, ...change })}`,
        class: `facet ${className}`, 'aria-current': isOn ? 'true' : undefined,
        data: { change: JSON.stringify(change) },
    }, element('span', {}, text), number !== undefined && element('span', { class: 'facet-count' }, count(number)));
}

function group(title, rows) {
    return element('section', { class: 'facet-group' }, element('h2', {}, title), element('ul', {}, rows.map((row) => element('li', {}, row))));
}

function taskRows(filters, counts) {
    const rows = [facet(filters, { task: '', label: '' }, 'All tasks', { isOn: !filters.task })];
    for (const task of counts?.tasks ?? []) {
        const isOn = filters.task === task.task;
        rows.push(facet(filters, { task: task.task, label: '' }, words(task.task), { isOn: isOn && !filters.label, number: task.waiting }));
        if (isOn)
            for (const label of task.labels.filter(({ name, waiting }) => waiting > 0 || name === filters.label).sort((a, b) => b.waiting - a.waiting))
                rows.push(facet(filters, { task: task.task, label: label.name }, words(label.name),
                    { isOn: filters.label === label.name, number: label.waiting, className: 'under' }));
    }
    return rows;
}

export function facets(filters, counts) {
    return [
        group('State', STATES.map(([state, text]) => facet(filters, { state }, text, {
            isOn: stateOf(filters) === state,
            number: state === 'waiting' ? counts?.waiting : state === 'decided' ? counts?.decided : undefined,
        }))),
        group('Task', taskRows(filters, counts)),
        group('Order', ORDERS.map(([order, text]) => facet(filters, { order, seed: '' }, text, { isOn: orderOf(filters) === order }))),
    ];
}
