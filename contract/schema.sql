-- The tables of both stacks, one text for SQLite and PostgreSQL.
-- A stack applies each version that the database has not seen, in one transaction.
-- On PostgreSQL "INTEGER PRIMARY KEY AUTOINCREMENT" is read as an identity column. An id
-- is never given twice: a request that looked up a row which is deleted meanwhile must
-- not meet another one. Times are milliseconds since 1970 in UTC.

CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY);

-- version: 1

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  bio TEXT,
  image TEXT
);
CREATE UNIQUE INDEX users_by_email ON users (lower(email));

CREATE TABLE follows (
  follower_id BIGINT NOT NULL REFERENCES users (id),
  followed_id BIGINT NOT NULL REFERENCES users (id),
  PRIMARY KEY (follower_id, followed_id)
);

-- tag_list is the JSON text of the tags in their order, article_tags serves the
-- filter and listTags: both are written in one transaction.
CREATE TABLE articles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id BIGINT NOT NULL REFERENCES users (id),
  slug TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  body TEXT NOT NULL,
  tag_list TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX articles_newest ON articles (created_at, id);
CREATE INDEX articles_by_author ON articles (author_id, created_at, id);

CREATE TABLE article_tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  UNIQUE (article_id, tag)
);
CREATE INDEX article_tags_by_tag ON article_tags (tag, article_id);

CREATE TABLE favorites (
  article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  user_id BIGINT NOT NULL REFERENCES users (id),
  PRIMARY KEY (article_id, user_id)
);
CREATE INDEX favorites_by_user ON favorites (user_id, article_id);

CREATE TABLE comments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  author_id BIGINT NOT NULL REFERENCES users (id),
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX comments_newest ON comments (article_id, created_at, id);

-- Articles and comments with their authors, under the names of the contract.
CREATE VIEW article_details AS
SELECT
  articles.id,
  articles.author_id AS "authorId",
  articles.slug,
  articles.title,
  articles.description,
  articles.body,
  articles.tag_list AS "tagList",
  articles.created_at AS "createdAt",
  articles.updated_at AS "updatedAt",
  (
    SELECT CAST(count(*) AS integer) FROM favorites WHERE favorites.article_id = articles.id
  ) AS "favoritesCount",
  users.username,
  users.bio,
  users.image
FROM articles
JOIN users ON users.id = articles.author_id;

CREATE VIEW comment_details AS
SELECT
  comments.id,
  comments.article_id AS "articleId",
  comments.author_id AS "authorId",
  comments.created_at AS "createdAt",
  comments.updated_at AS "updatedAt",
  comments.body,
  users.username,
  users.bio,
  users.image
FROM comments
JOIN users ON users.id = comments.author_id;

-- version: 2

-- How many articles each list has, counted when it changes: counting anew takes the
-- longer the more there are. And an index for each list, which gives it in its order.
-- Among a million articles this takes a minute on SQLite, and longer on PostgreSQL, where
-- DATABASE_TIMEOUT holds for it too: set that to more for this one start.

-- One row. Whoever publishes, deletes or tags an article changes it first, and so keeps
-- others from doing so until the transaction ends: no two ever wait for each other.
CREATE TABLE article_count (total BIGINT NOT NULL);
INSERT INTO article_count (total) SELECT count(*) FROM articles;

ALTER TABLE users ADD COLUMN articles_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN favorites_count BIGINT NOT NULL DEFAULT 0;
UPDATE users
SET
  articles_count = (SELECT count(*) FROM articles WHERE articles.author_id = users.id),
  favorites_count = (SELECT count(*) FROM favorites WHERE favorites.user_id = users.id);

ALTER TABLE articles ADD COLUMN favorites_count BIGINT NOT NULL DEFAULT 0;
UPDATE articles
SET favorites_count = (
  SELECT count(*) FROM favorites WHERE favorites.article_id = articles.id
)
WHERE id IN (SELECT article_id FROM favorites);

-- article_created_at is the article's created_at, which never changes.
ALTER TABLE favorites ADD COLUMN article_created_at BIGINT NOT NULL DEFAULT 0;
UPDATE favorites
SET article_created_at = (
  SELECT articles.created_at FROM articles WHERE articles.id = favorites.article_id
);
DROP INDEX favorites_by_user;
CREATE INDEX favorites_newest ON favorites (user_id, article_created_at, article_id);

ALTER TABLE article_tags ADD COLUMN article_created_at BIGINT NOT NULL DEFAULT 0;
UPDATE article_tags
SET article_created_at = (
  SELECT articles.created_at FROM articles WHERE articles.id = article_tags.article_id
);
DROP INDEX article_tags_by_tag;
CREATE INDEX article_tags_newest ON article_tags (tag, article_created_at, article_id);
CREATE INDEX article_tags_latest ON article_tags (tag, id);

-- latest is the largest id of article_tags with this tag.
CREATE TABLE tags (
  tag TEXT PRIMARY KEY,
  articles_count BIGINT NOT NULL,
  latest BIGINT NOT NULL
);
INSERT INTO tags (tag, articles_count, latest)
SELECT tag, count(*), max(id) FROM article_tags GROUP BY tag;
CREATE INDEX tags_most_used ON tags (articles_count, latest);

DROP VIEW article_details;
CREATE VIEW article_details AS
SELECT
  articles.id,
  articles.author_id AS "authorId",
  articles.slug,
  articles.title,
  articles.description,
  articles.body,
  articles.tag_list AS "tagList",
  articles.created_at AS "createdAt",
  articles.updated_at AS "updatedAt",
  articles.favorites_count AS "favoritesCount",
  users.username,
  users.bio,
  users.image
FROM articles
JOIN users ON users.id = articles.author_id;

-- version: 3

-- With the tag itself, so that the tags are listed without a look at their table.
DROP INDEX tags_most_used;
CREATE INDEX tags_most_used ON tags (articles_count, latest, tag);
