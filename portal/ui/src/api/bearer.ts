// The bearer token that calls carry, in a window or in the worker; who keeps it is api/token.ts's affair.

let token: string | undefined;
let onRefusal: (refused: string | undefined) => void = () => {};

export const bearer = () => token;

export function setBearer(next: string | undefined) {
  token = next;
}

/** The listener hears of every answer 401, and which token (if any) it was the answer to. */
export function listenForRefusals(listener: typeof onRefusal) {
  onRefusal = listener;
}

/** fetch with the token. It travels in a header: an address would end in logs and histories. */
export async function fetchAsBearer(path: string, init: RequestInit = {}): Promise<Response> {
  const sent = token;
  const headers = new Headers(init.headers);
  if (sent !== undefined) headers.set("Authorization", `Bearer ${sent}`);
  const response = await fetch(path, { ...init, headers });
  if (response.status === 401) onRefusal(sent);
  return response;
}
