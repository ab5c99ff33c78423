import { screens } from "../app/screens";

/** Where a message is shown with its journey; undefined: no screen does. */
export const messageAddress = (id: string) => screens.find((screen) => screen.messageAddress)?.messageAddress?.(id);
