// What the middlewares of this application put on a request: rows, whose columns are
// those of their statement in contract/queries.sql.
declare namespace Express {
  interface Request {
    user?: any;
    profile?: any;
    article?: any;
    comment?: any;
  }
}
