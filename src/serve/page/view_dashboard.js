/* view_dashboard: work done and left, decisions by hour and reviewer, model against human, labels by page.
 *
 * Every plot stands in the table that holds its numbers, or above it: nothing is told by a picture
 * alone, nor by colour alone. */

import { get } from './api.js';
import { button, element, replace } from './dom.js';
import { count, percent, words } from './format.js';
import { dataTable, figure, panel, quiet, scrolling } from './parts.js';
import { intervalPlot, SERIES, shareBar, stackedColumns } from './plot.js';
import { heading } from './ui.js';

const HOURS = 48;
const HOUR_MS = 3600e3;

export const title = 'Dashboard';

export async function render(root, parameters, app) {
    const [data, { tasks }] = await Promise.all(['/api/dashboard', '/api/counts'].map((address) =>
        get(address, {}, { signal: parameters.signal })));
    root.append(element('div', { class: 'view-head' }, heading(title), button('Refresh', app.reload)),
        element('div', { class: 'panels' }, sections(data, tasks)));
}

function sections(data, tasks) {
    return [
        sized('third', work(data, tasks)), sized('two-thirds', byHour(data)),
        sized('two-thirds', reviewers(data)), sized('third', agreement(data)),
        quality(data), labelsByPage(data),
    ];
}

function sized(name, section) {
    section?.classList.add(name);
    return section;
}

/* Waiting and decided are comments of which at least one label is. */
function work({ waiting, decided, comments }, tasks) {
    const share = comments ? (comments - waiting) / comments : 0;
    const fact = (name, number) => element('div', null, element('dt', null, name), element('dd', null, count(number)));
    return panel('Work',
        element('dl', { class: 'facts' }, fact('waiting', waiting), fact('decided on', decided), fact('comments', comments)),
        shareBar(share),
        quiet(`${percent(share)} of the comments are done: every task of theirs is decided.`),
        tasks.length > 0 && dataTable('Comments that wait, by task', ['Task', figure('Waiting')], tasks.map((each) =>
            [element('a', { href: `/queue?${new URLSearchParams({ task: each.task })}` }, words(each.task)), figure(count(each.waiting))])));
}

function byHour({ hours }) {
    if (hours.length === 0)
        return panel('Decisions by hour', quiet('No decision in the last two days.'));
    const names = coloured(hours);
    const columns = columnsOf(hours, names);
    const total = hours.reduce((sum, { decisions }) => sum + decisions, 0);
    const name = `${count(total)} decisions in the last ${HOURS} hours; the numbers are in the table below`;
    return panel('Decisions by hour',
        legend(names),
        scrolling('Plot of decisions by hour', stackedColumns(columns, name)),
        element('details', null, element('summary', null, 'The numbers'), hourTable(columns, names)));
}

function hourTable(columns, names) {
    const rows = columns.filter(({ counts }) => counts.some(Boolean)).reverse();
    return dataTable('Decisions by hour and reviewer', ['Hour (UTC)', ...names.map(figure)],
        rows.map(({ label, counts }) => [label, ...counts.map((number) => figure(count(number)))]));
}

/* The reviewers that get a colour, the busiest first; the rest together. */
function coloured(hours) {
    const totals = new Map();
    for (const { reviewer, decisions } of hours)
        totals.set(reviewer, (totals.get(reviewer) ?? 0) + decisions);
    const names = [...totals.keys()].sort((a, b) => totals.get(b) - totals.get(a));
    return names.length <= SERIES ? names : [...names.slice(0, SERIES - 1), 'others'];
}

/* One column for each of the last hours, also those in which nothing was decided. */
function columnsOf(hours, names) {
    const columns = new Map();
    const last = Math.max(...hours.map(({ hour }) => Date.parse(`${hour}:00Z`)), Date.now() - Date.now() % HOUR_MS);
    for (let time = last - (HOURS - 1) * HOUR_MS; time <= last; time += HOUR_MS) {
        const hour = new Date(time).toISOString().slice(0, 13);
        const tick = last - time > HOUR_MS ? tickOf(hour) : null; /* at the edge there is no room */
        columns.set(hour, { label: `${hour.replace('T', ' ')}:00`, tick, counts: names.map(() => 0) });
    }
    for (const { hour, reviewer, decisions } of hours) {
        const at = names.indexOf(reviewer);
        if (columns.has(hour))
            columns.get(hour).counts[at < 0 ? names.length - 1 : at] += decisions;
    }
    return [...columns.values()];
}

function tickOf(hour) {
    const [day, time] = hour.split('T');
    return time === '00' ? day.slice(5) : Number(time) % 6 === 0 ? `${time}:00` : null;
}

function legend(names) {
    return element('ul', { class: 'plot-legend' }, names.map((name, at) =>
        element('li', null, element('span', { class: `swatch series-${at}` }), name)));
}

function reviewers({ reviewers: people }) {
    return people.length === 0 ? null : panel('Reviewers',
        dataTable('What each reviewer decided', ['Reviewer', ...['Decisions', 'Accepted', 'Corrected', 'Share corrected'].map(figure)],
            people.map(({ reviewer, decisions, accepted, corrected }) => [
                reviewer, figure(count(decisions)), figure(count(accepted)), figure(count(corrected)),
                share(corrected, decisions, percent(decisions ? corrected / decisions : 0)),
            ])));
}

function quality({ quality: labels }) {
    const compared = labels.filter(({ model, human }) => model || human);
    if (compared.length === 0)
        return panel('Model against human', quiet('Nothing to compare yet: decide some labels first.'));
    return panel('Model against human',
        quiet('Precision: how many of the model’s a person confirmed. Recall: how many of the person’s the model had found. ' +
              'Bars are 95 % intervals on an axis from 0 to 1. Where 30 or more were drawn at random (random order, or a sample), these alone count; what was ' +
              'worked off in another order leans to the hard cases, so both look lower than they are.'),
        dataTable('Precision and recall of each label',
            ['Label', ...['Precision', 'Recall', 'Judged', 'Model', 'Human', 'Both'].map(figure), 'Order'],
            compared.map((row) => [
                [words(row.label), ' ', element('small', null, row.task)],
                estimate(row.precision), estimate(row.recall),
                ...[row.judged, row.model, row.human, row.both].map((number) => figure(count(number))),
                row.sample === 'random' ? 'random' : 'worked off',
            ])));
}

function estimate(interval) {
    if (!interval)
        return figure('–');
    const [value, low, high] = [interval.value, interval.low, interval.high].map((number) => number.toFixed(2));
    return plotted(intervalPlot(interval), value, element('small', null, `${low}–${high}`));
}

function agreement({ agreement: tasks, reviewers: people }) {
    const known = tasks.filter(({ items }) => items > 0);
    if (people.length === 0)
        return null;
    if (known.length === 0)
        return panel('Agreement', quiet('No label was decided by two people yet.'));
    return panel('Agreement',
        dataTable('Where two people decided the same label', ['Task', 'Items', 'Kappa'].map((name, at) => at ? figure(name) : name),
            known.map(({ task, items, kappa }) => [task, figure(count(items)), figure(kappa === null ? '–' : kappa.toFixed(2))])));
}

function labelsByPage({ pages }) {
    if (pages.length === 0)
        return panel('Labels by page', quiet('No page yet. ', element('a', { href: '/pages' }, 'Bring one in.')));
    const tasks = [...new Set(pages.flatMap(({ labels }) => labels.map(({ task }) => task)))];
    const place = element('div');
    const show = (task) => replace(place, pageTable(pages, task));
    const choice = element('select', { on: { change: () => show(choice.value) } },
        tasks.map((task) => element('option', { value: task }, words(task))));
    show(tasks[0]);
    return panel('Labels by page', tasks.length > 1 && element('label', { class: 'beside' }, 'Task', choice), place);
}

function pageTable(pages, task) {
    const ofTask = (labels) => labels.filter((label) => label.task === task);
    const names = [...new Set(pages.flatMap(({ labels }) => ofTask(labels).map(({ name }) => name)))];
    return dataTable(`Comments with each label of ${task}, by page`, ['Page', ...['Comments', 'Waiting', ...names.map(words)].map(figure)],
        pages.map(({ page, comments, waiting, labels }) => {
            const numbers = new Map(ofTask(labels).map((label) => [label.name, label.comments]));
            return [
                element('a', { class: 'source', href: `/queue?page=${page.id}&state=all` }, page.source),
                figure(count(comments)), figure(count(waiting)),
                ...names.map((name) => share(numbers.get(name) ?? 0, comments, count(numbers.get(name) ?? 0))),
            ];
        }));
}

function share(part, whole, text) {
    return plotted(shareBar(whole ? part / whole : 0), text);
}

function plotted(plot, ...texts) {
    return figure(element('span', { class: 'plotted' }, plot, element('span', null, texts)));
}
