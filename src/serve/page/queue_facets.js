/* queue_facets: what the queue can be narrowed to, with how much waits under each: links, so that each
 * is an address. */

import { element } from './dom.js';
import { orderOf, stateOf, writeFilters } from './filters.js';
import { count, words } from './format.js';

export const STATES = [
    ['waiting', 'Waiting', 'At least one task is undecided'],
    ['decided', 'Decided', 'At least one task is decided'],
    ['changed', 'Corrected', 'Decided otherwise than the model had it'],
    ['escalated', 'Escalated', 'Somebody else should look'],
    ['skipped', 'Skipped', 'Passed over, not decided'],
    ['all', 'All'],
];

export const ORDERS = [
    ['worth', 'Most deserving', 'How much harm, how likely the model is wrong, and how much went on below'],
    ['severe', 'Most harm', 'What does most harm if it is left as it is'],
    ['unsure', 'Most unsure', 'Where the model is nearest to the border'],
    ['newest', 'Newest', 'Last stored, first shown'],
    ['random', 'Random', 'A fair sample, by which the models can be measured'],
];

function facet(filters, change, text, { isOn, number, title, className = '' }) {
    return element('a', {
        href: `/queue${writeFilters({ ...filters, ...change })}`,
        class: `facet ${className}`, title, 'aria-current': isOn ? 'true' : undefined,
        data: { change: JSON.stringify(change) },
    }, element('span', {}, text), number !== undefined && element('span', { class: 'facet-count' }, count(number)));
}

function group(title, rows) {
    return element('section', { class: 'facet-group' }, element('h2', {}, title), element('ul', {}, rows.map((row) => element('li', {}, row))));
}

function taskRows(filters, counts) {
    const rows = [facet(filters, { task: '', label: '', draw: '' }, 'All tasks', { isOn: !filters.task, title: 'Each comment waits until every task is decided; choose one to be done with it' })];
    for (const task of counts?.tasks ?? []) {
        const isOn = filters.task === task.task;
        rows.push(facet(filters, { task: task.task, label: '', draw: '' }, words(task.task), { isOn: isOn && !filters.label, number: task.waiting }));
        if (isOn)
            for (const label of task.labels.filter(({ name, waiting }) => waiting > 0 || name === filters.label).sort((a, b) => b.waiting - a.waiting))
                rows.push(facet(filters, { task: task.task, label: label.name, draw: '' }, words(label.name),
                    { isOn: filters.label === label.name, number: label.waiting, className: 'under' }));
    }
    return rows;
}

export function facets(filters, counts) {
    return [
        group('State', STATES.map(([state, text, title]) => facet(filters, { state }, text, {
            isOn: stateOf(filters) === state, title,
            number: state === 'waiting' ? counts?.waiting : state === 'decided' ? counts?.decided : undefined,
        }))),
        group('Task', taskRows(filters, counts)),
        group('Order', ORDERS.map(([order, text, title]) => facet(filters, { order, seed: '', draw: '' }, text, { isOn: orderOf(filters) === order, title }))),
    ];
}
