const LOOPBACK = /^(127(\.\d+){3}|\[?(::1|0:0:0:0:0:0:0:1)\]?)$/;

/** Whether an address of a published port is the machine's own only. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}
