/* api: the page's one way to the server. Every answer that is no success becomes an ApiError whose
 * message can be shown as it stands. The token of the session goes with every POST; when the server
 * was started anew and knows it no longer, a fresh one is fetched and the request made once more. */

export class ApiError extends Error {
    constructor(status, message, details = []) {
        super(message);
        this.status = status;
        this.details = details;
    }

    /* Sent again, it may succeed: no answer came, or the server says so. */
    get isPassing() {
        return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
    }
}

const WORDS = {
    0: 'The server can’t be reached.',
    401: 'You are signed out.',
    403: 'You may not do that.',
    404: 'There is nothing here.',
    409: 'This has changed meanwhile.',
    429: 'Too many requests; wait a moment.',
    503: 'The server can’t write just now.',
};

let session = null;

export function currentSession() {
    return session;
}

function setSession(answer) {
    session = answer;
    document.dispatchEvent(new CustomEvent('retort:session', { detail: session }));
    return session;
}

function address(path, query) {
    const pairs = Object.entries(query || {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
    return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

async function errorOf(response) {
    let said = null;
    try {
        said = (await response.json()).error;
    } catch {
        /* No JSON, so not from retort: a proxy in between, perhaps. */
    }
    const message = said?.message || WORDS[response.status] || `The server answered ${response.status}.`;
    return new ApiError(response.status, message, said?.details);
}

async function request(path, options) {
    let response;
    try {
        response = await fetch(path, { credentials: 'same-origin', ...options });
    } catch (error) {
        if (error.name === 'AbortError')
            throw error;
        throw new ApiError(0, error.name === 'TimeoutError' ? 'The server doesn’t answer.' : WORDS[0]);
    }
    if (!response.ok)
        throw await errorOf(response);
    try {
        return await response.json();
    } catch (error) {
        if (error.name === 'AbortError')
            throw error;
        throw new ApiError(0, 'The answer broke off.');
    }
}

export async function get(path, query, { signal } = {}) {
    try {
        return await request(address(path, query), { signal });
    } catch (error) {
        if (error.status === 401)
            await fetchSession().catch(() => null);
        throw error;
    }
}

function send(path, body, { signal, type, keepalive }) {
    const headers = { 'Content-Type': type || 'application/json', 'X-Retort-Token': session?.token || '' };
    return request(path, { method: 'POST', headers, signal, keepalive, body: type ? body : JSON.stringify(body) });
}

/* options.type: the body is bytes of that type, not JSON. Sent once more with a fresh token, unless
 * it would go out under another name. */
export async function post(path, body = {}, options = {}) {
    if (!session)
        await fetchSession();
    const { token, user } = session;
    try {
        return await send(path, body, options);
    } catch (error) {
        if (error.status !== 401 && error.status !== 403)
            throw error;
        await fetchSession();
        if (session.token === token || session.user !== user)
            throw error;
        return send(path, body, options);
    }
}

/* ---- who ---- */

const NAME = 'retort.name';

function remember(name) {
    try {
        if (name)
            localStorage.setItem(NAME, name);
        else
            localStorage.removeItem(NAME);
    } catch {
        /* A server that starts anew asks again. */
    }
}

function remembered() {
    try {
        return localStorage.getItem(NAME);
    } catch {
        return null;
    }
}

/* Where a name is all there is to signing in, a server that was started anew hears it again, so that
 * nobody's decisions go on under the name that it begins with. */
export async function fetchSession() {
    const answer = await request('/api/session', {});
    const name = remembered();
    if (answer.auth || !name || answer.user === name)
        return setSession(answer);
    session = answer;
    return setSession(await send('/api/session', { name }, {}));
}

export async function signIn(name, password) {
    const answer = await post('/api/session', password === undefined ? { name } : { name, password });
    remember(answer.auth ? null : answer.user);
    return setSession(answer);
}

export async function signOut() {
    remember(null);
    return setSession(await post('/api/session/end'));
}

export function mayDecide() {
    return Boolean(session?.user) && session.role !== 'reader' && session.role !== 'nobody';
}

/* Of others, only an admin takes back. */
export function mayTakeBack({ reviewer }) {
    const { user, role } = currentSession() ?? {};
    return mayDecide() && (reviewer === user || role === 'admin');
}

/* A name for an act, so that the server stores it once however often it is sent. (randomUUID is
 * missing where the page comes by plain HTTP from another machine.) */
export function newToken() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
