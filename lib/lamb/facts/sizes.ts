/** Bytes. */
export const MIB = 1024 * 1024;

/** The largest document that the library takes, unless it is told otherwise. */
export const LARGEST_UPLOAD = 500 * MIB;

/** The largest request that the proxy lets through, unless it is told otherwise: that document, and the form around it. */
export const LARGEST_BODY = LARGEST_UPLOAD + MIB;

/** The largest archive of documents that the library takes, unless it is told otherwise. */
export const LARGEST_ARCHIVE = 200 * MIB;
