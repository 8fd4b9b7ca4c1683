/* filters: what the queue is narrowed to, as it stands in the address and in requests. */

const DEFAULTS = { order: 'worth', state: 'waiting' };

const NAMES = ['state', 'order', 'seed', 'draw', 'task', 'label', 'page', 'author', 'q'];

/* Of URLSearchParams: only what is known and not as it is anyway. */
export function readFilters(query) {
    const filters = {};
    for (const name of NAMES) {
        const value = query.get(name);
        if (value && value !== DEFAULTS[name])
            filters[name] = value;
    }
    return filters;
}

/* "?task=tone&state=all", or nothing. */
export function writeFilters(filters) {
    const query = new URLSearchParams();
    for (const name of NAMES)
        if (filters[name] && filters[name] !== DEFAULTS[name])
            query.set(name, filters[name]);
    const text = query.toString();
    return text && `?${text}`;
}

export function stateOf(filters) {
    return filters.state ?? DEFAULTS.state;
}

/* A sample has its own. */
export function orderOf(filters) {
    return filters.draw ? 'random' : filters.order ?? DEFAULTS.order;
}
