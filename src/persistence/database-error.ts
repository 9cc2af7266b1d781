/** A database that can't be used as it is, in words for the person who starts the server. */
export class DatabaseError extends Error {}
