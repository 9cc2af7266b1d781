/** The database cannot be used. The message is for the user who starts the server. */
export class DatabaseError extends Error {}
