/* plot: the pictures of the dashboard, SVG made by DOM calls.
 *
 * A plot shows numbers that stand in a table beside or under it. So it is hidden from screen readers
 * where its row says the same, and else has a name that sums it up. Sizes are in the plot's own units
 * and scale with its box; colours are classes (series-0 … series-5), so that dark mode is CSS alone. */

import { shape } from './dom.js';

export const SERIES = 6; /* so many have a colour of their own; the last is everybody else */

/* A share of one, as a bar on its track. */
export function shareBar(share) {
    const width = 100 * Math.max(0, Math.min(1, share));
    return shape('svg', { class: 'plot-bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        shape('rect', { class: 'plot-track', x: 0, y: 0, width: 100, height: 8 }),
        shape('rect', { class: 'series-0', x: 0, y: 0, width, height: 8 }));
}

/* A value and its interval on an axis from 0 to 1, with ticks at the quarters. */
export function intervalPlot({ value, low, high }) {
    const at = (share) => 4 + 112 * share;
    const upright = (share, top, bottom, name) =>
        shape('line', { class: name, x1: at(share), x2: at(share), y1: top, y2: bottom });
    return shape('svg', { class: 'plot-interval', viewBox: '0 0 120 16', 'aria-hidden': 'true' },
        [0, 0.25, 0.5, 0.75, 1].map((share) => upright(share, 0, 16, 'plot-tick')),
        shape('line', { class: 'plot-range', x1: at(low), x2: at(high), y1: 8, y2: 8 }),
        upright(low, 5, 11, 'plot-range'),
        upright(high, 5, 11, 'plot-range'),
        shape('circle', { class: 'plot-point', cx: at(value), cy: 8, r: 3.5 }));
}

const WIDTH = 720;
const HEIGHT = 170;
const LEFT = 36;
const BASE = HEIGHT - 20;
const TOP = 8;

/* Columns of stacked counts, [{ label, tick, counts: [one a series] }]; name sums them up. */
export function stackedColumns(columns, name) {
    const most = roundUp(Math.max(...columns.map(({ counts }) => sum(counts))));
    const step = (WIDTH - LEFT) / columns.length;
    const height = (count) => (BASE - TOP) * count / most;
    return shape('svg', { class: 'plot-columns', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': name },
        [0, most / 2, most].map((count) => gridLine(count, BASE - height(count))),
        columns.map((column, index) => stack(column, LEFT + index * step, step, height)),
        columns.map(({ tick }, index) =>
            tick && shape('text', { class: 'plot-text', x: LEFT + (index + 0.5) * step, y: HEIGHT - 4, 'text-anchor': 'middle' }, tick)));
}

function gridLine(count, y) {
    return [
        shape('line', { class: 'plot-tick', x1: LEFT, x2: WIDTH, y1: y, y2: y }),
        shape('text', { class: 'plot-text', x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, count),
    ];
}

function stack({ label, counts }, x, step, height) {
    let y = BASE;
    const parts = counts.map((count, series) => {
        y -= height(count);
        return count > 0 && shape('rect', { class: `series-${series}`, x: x + 0.1 * step, y, width: 0.8 * step, height: height(count) });
    });
    return shape('g', null, shape('title', null, `${label}: ${sum(counts)}`), parts);
}

/* The next of 2, 4, 6, 8, 12, 16, 20, 40 …: half of it is a whole number. */
function roundUp(value) {
    for (let power = 1; ; power *= 10)
        for (const step of [2, 4, 6, 8, 12, 16])
            if (step * power >= value)
                return step * power;
}

function sum(numbers) {
    return numbers.reduce((a, b) => a + b, 0);
}
