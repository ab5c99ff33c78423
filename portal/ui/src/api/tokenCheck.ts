import { paths } from "./paths";

const SERVICES = ["producer", "consumer", "steward", "seer"] as const;

/** Why a token does not serve, asked of the portal and of what is behind it; undefined: it does. */
export async function faultOf(token: string): Promise<string | undefined> {
  // A header takes nothing else.
  if (!/^[\x21-\x7e]+$/.test(token)) return "A token has only letters, digits and signs of ASCII, and no blanks.";
  const init = { method: "HEAD", headers: { Authorization: `Bearer ${token}` } };
  const isRefused = async (path: string) => (await fetch(path, init)).status === 401;
  try {
    if (await isRefused(paths.health())) return "The portal does not take this token.";
    const refusals = await Promise.all(SERVICES.map((service) => isRefused(paths.openApi(service))));
    const service = SERVICES.find((_, index) => refusals[index]);
    return service && `The ${service} behind the portal does not take this token. A portal with a token of its own shows the services another: its setting UPSTREAM_TOKEN_FILE.`;
  } catch {
    return "The portal gave no answer.";
  }
}
