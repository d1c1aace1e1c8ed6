-- The statements of both stacks, one text for SQLite and PostgreSQL.
-- "-- name: get_user :one" makes db.get_user (Python) and db.getUser (JavaScript).
-- :one gives a row or nothing, :many a list of rows, :values one of what the only column
-- of each has, :exec nothing.
-- Parameters that may be null are cast, or PostgreSQL could not tell their type. So are
-- those of LIMIT, or later versions of SQLite would plan a list anew whenever it is read.
-- Most readers have no account: without a viewer nobody's favourites are looked for.

-- name: ping :one
SELECT max(version) AS version FROM schema_versions;

-- name: insert_version :exec
INSERT INTO schema_versions (version) VALUES (:version);

-- name: insert_user :one
INSERT INTO users (username, email, password_hash)
VALUES (:username, :email, :password_hash)
RETURNING id, username, email, bio, image;

-- name: get_user :one
SELECT id, username, email, bio, image FROM users WHERE id = :id;

-- name: get_login :one
SELECT id, username, email, bio, image, password_hash AS "passwordHash"
FROM users
WHERE lower(email) = lower(CAST(:email AS text));

-- name: get_taken :many
SELECT
  CASE WHEN username = CAST(:username AS text) THEN 1 ELSE 0 END AS username,
  CASE WHEN lower(email) = lower(CAST(:email AS text)) THEN 1 ELSE 0 END AS email
FROM users
WHERE
  id <> CAST(:id AS bigint)
  AND (username = CAST(:username AS text) OR lower(email) = lower(CAST(:email AS text)));

-- name: update_user :one
UPDATE users
SET
  username = COALESCE(CAST(:username AS text), username),
  email = COALESCE(CAST(:email AS text), email),
  password_hash = COALESCE(CAST(:password_hash AS text), password_hash),
  bio = CASE WHEN CAST(:set_bio AS integer) = 1 THEN CAST(:bio AS text) ELSE bio END,
  image = CASE WHEN CAST(:set_image AS integer) = 1 THEN CAST(:image AS text) ELSE image END
WHERE id = :id
RETURNING id, username, email, bio, image;

-- name: get_profile :one
SELECT
  id,
  username,
  bio,
  image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follower_id = CAST(:viewer AS bigint) AND followed_id = users.id
  ) THEN 1 ELSE 0 END AS following
FROM users
WHERE username = :username;

-- name: follow :exec
INSERT INTO follows (follower_id, followed_id) VALUES (:follower, :followed)
ON CONFLICT DO NOTHING;

-- name: unfollow :exec
DELETE FROM follows WHERE follower_id = :follower AND followed_id = :followed;

-- A list for each filter, read in the order of an index from the newest on: no planner
-- finds one for "NULL or equal". Others that come with an author or a fan, who have few
-- articles beside a tag, are looked up for each of these. The page comes from the index
-- alone, and only its own articles are joined: in this order, which CROSS JOIN tells
-- SQLite to keep.
-- Each row has the number of all: with one filter or none it is kept, of several it is
-- counted, once for the page.
-- name: list_articles :many
SELECT
  slug, title, description, "tagList", "createdAt", "updatedAt", "favoritesCount",
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = article_details."authorId"
  ) THEN 1 ELSE 0 END AS following,
  (SELECT total FROM article_count) AS total
FROM (
  SELECT id, created_at
  FROM articles
  ORDER BY created_at DESC, id DESC
  LIMIT CAST(:limit AS bigint) OFFSET CAST(:offset AS bigint)
) AS page
CROSS JOIN article_details
WHERE article_details.id = page.id
ORDER BY page.created_at DESC, page.id DESC;

-- name: list_articles_by_tag :many
SELECT
  slug, title, description, "tagList", "createdAt", "updatedAt", "favoritesCount",
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = article_details."authorId"
  ) THEN 1 ELSE 0 END AS following,
  (SELECT articles_count FROM tags WHERE tags.tag = :tag) AS total
FROM (
  SELECT article_id, article_created_at
  FROM article_tags
  WHERE tag = :tag
  ORDER BY article_created_at DESC, article_id DESC
  LIMIT CAST(:limit AS bigint) OFFSET CAST(:offset AS bigint)
) AS page
CROSS JOIN article_details
WHERE article_details.id = page.article_id
ORDER BY page.article_created_at DESC, page.article_id DESC;

-- name: list_articles_by_author :many
SELECT
  slug, title, description, "tagList", "createdAt", "updatedAt", "favoritesCount",
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = article_details."authorId"
  ) THEN 1 ELSE 0 END AS following,
  CASE
    WHEN CAST(:tag AS text) IS NULL AND CAST(:favorited AS text) IS NULL
    THEN (SELECT articles_count FROM users WHERE users.username = :author)
    ELSE (
      SELECT count(*)
      FROM articles
      WHERE
        author_id = (SELECT users.id FROM users WHERE users.username = :author)
        AND (CAST(:tag AS text) IS NULL OR EXISTS (
          SELECT 1 FROM article_tags
          WHERE article_tags.article_id = articles.id AND tag = CAST(:tag AS text)
        ))
        AND (CAST(:favorited AS text) IS NULL OR EXISTS (
          SELECT 1 FROM favorites
          JOIN users AS fans ON fans.id = favorites.user_id
          WHERE
            favorites.article_id = articles.id
            AND fans.username = CAST(:favorited AS text)
        ))
    )
  END AS total
FROM (
  SELECT id, created_at
  FROM articles
  WHERE
    author_id = (SELECT users.id FROM users WHERE users.username = :author)
    AND (CAST(:tag AS text) IS NULL OR EXISTS (
      SELECT 1 FROM article_tags
      WHERE article_tags.article_id = articles.id AND tag = CAST(:tag AS text)
    ))
    AND (CAST(:favorited AS text) IS NULL OR EXISTS (
      SELECT 1 FROM favorites
      JOIN users AS fans ON fans.id = favorites.user_id
      WHERE
        favorites.article_id = articles.id
        AND fans.username = CAST(:favorited AS text)
    ))
  ORDER BY created_at DESC, id DESC
  LIMIT CAST(:limit AS bigint) OFFSET CAST(:offset AS bigint)
) AS page
CROSS JOIN article_details
WHERE article_details.id = page.id
ORDER BY page.created_at DESC, page.id DESC;

-- name: list_articles_by_fan :many
SELECT
  slug, title, description, "tagList", "createdAt", "updatedAt", "favoritesCount",
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = article_details."authorId"
  ) THEN 1 ELSE 0 END AS following,
  CASE
    WHEN CAST(:tag AS text) IS NULL
    THEN (SELECT favorites_count FROM users WHERE users.username = :favorited)
    ELSE (
      SELECT count(*)
      FROM favorites AS own
      JOIN article_tags ON article_tags.article_id = own.article_id
      WHERE
        own.user_id = (SELECT users.id FROM users WHERE users.username = :favorited)
        AND tag = CAST(:tag AS text)
    )
  END AS total
FROM (
  SELECT article_id, article_created_at
  FROM favorites
  WHERE
    user_id = (SELECT users.id FROM users WHERE users.username = :favorited)
    AND (CAST(:tag AS text) IS NULL OR EXISTS (
      SELECT 1 FROM article_tags
      WHERE article_tags.article_id = favorites.article_id AND tag = CAST(:tag AS text)
    ))
  ORDER BY article_created_at DESC, article_id DESC
  LIMIT CAST(:limit AS bigint) OFFSET CAST(:offset AS bigint)
) AS page
CROSS JOIN article_details
WHERE article_details.id = page.article_id
ORDER BY page.article_created_at DESC, page.article_id DESC;

-- No author adds more to a page than there are articles up to its end, so that only the
-- newest of each are looked at.
-- name: list_feed :many
SELECT
  slug, title, description, "tagList", "createdAt", "updatedAt", "favoritesCount",
  CASE WHEN EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image, 1 AS following,
  (
    SELECT CAST(sum(articles_count) AS integer)
    FROM follows
    JOIN users ON users.id = follows.followed_id
    WHERE follower_id = CAST(:viewer AS bigint)
  ) AS total
FROM (
  SELECT articles.id, articles.created_at
  FROM follows
  JOIN articles
    ON articles.author_id = follows.followed_id
    AND articles.created_at >= COALESCE((
      SELECT newer.created_at FROM articles AS newer
      WHERE newer.author_id = follows.followed_id
      ORDER BY newer.created_at DESC, newer.id DESC
      LIMIT 1 OFFSET CAST(:limit AS bigint) + CAST(:offset AS bigint) - 1
    ), 0)
  WHERE follows.follower_id = CAST(:viewer AS bigint)
  ORDER BY articles.created_at DESC, articles.id DESC
  LIMIT CAST(:limit AS bigint) OFFSET CAST(:offset AS bigint)
) AS page
CROSS JOIN article_details
WHERE article_details.id = page.id
ORDER BY page.created_at DESC, page.id DESC;

-- name: get_article :one
SELECT
  id, "authorId", slug, title, description, body, "tagList", "createdAt", "updatedAt",
  "favoritesCount",
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = article_details."authorId"
  ) THEN 1 ELSE 0 END AS following
FROM article_details
WHERE slug = :slug;

-- name: insert_article :one
INSERT INTO articles (author_id, slug, title, description, body, tag_list, created_at, updated_at)
VALUES (:author, :slug, :title, :description, :body, :tag_list, :now, :now)
RETURNING id;

-- name: slug_is_free :one
SELECT CASE WHEN EXISTS (
  SELECT 1 FROM articles WHERE slug = :slug AND id <> :id
) THEN 0 ELSE 1 END AS free;

-- PostgreSQL keeps other transactions from the row until ours ends; SQLite has one
-- writer anyway.
-- name: lock_article :one
UPDATE articles SET title = title WHERE id = :id RETURNING slug, title;

-- name: update_article :one
UPDATE articles
SET
  slug = COALESCE(CAST(:slug AS text), slug),
  title = COALESCE(CAST(:title AS text), title),
  description = COALESCE(CAST(:description AS text), description),
  body = COALESCE(CAST(:body AS text), body),
  tag_list = COALESCE(CAST(:tag_list AS text), tag_list),
  updated_at = CASE WHEN :now > updated_at THEN :now ELSE updated_at + 1 END
WHERE id = :id
RETURNING slug;

-- name: delete_article :exec
DELETE FROM articles WHERE id = :id;

-- name: insert_tag :exec
INSERT INTO article_tags (article_id, tag, article_created_at)
SELECT id, CAST(:tag AS text), created_at FROM articles WHERE id = :article;

-- name: delete_tags :exec
DELETE FROM article_tags WHERE article_id = :article;

-- name: favorite :one
INSERT INTO favorites (article_id, user_id, article_created_at)
SELECT id, CAST(:user AS bigint), created_at FROM articles WHERE id = :article
ON CONFLICT DO NOTHING
RETURNING article_id;

-- name: unfavorite :one
DELETE FROM favorites WHERE article_id = :article AND user_id = :user
RETURNING article_id;

-- name: list_comments :many
SELECT
  id, "createdAt", "updatedAt", body, username, bio, image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = comment_details."authorId"
  ) THEN 1 ELSE 0 END AS following
FROM comment_details
WHERE "articleId" = :article
ORDER BY "createdAt" DESC, id DESC
LIMIT 1000;

-- name: get_comment :one
SELECT
  id, "authorId", "createdAt", "updatedAt", body, username, bio, image,
  CASE WHEN CAST(:viewer AS bigint) IS NOT NULL AND EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = comment_details."authorId"
  ) THEN 1 ELSE 0 END AS following
FROM comment_details
WHERE id = :id AND "articleId" = :article;

-- name: insert_comment :one
INSERT INTO comments (article_id, author_id, body, created_at, updated_at)
VALUES (:article, :author, :body, :now, :now)
RETURNING id;

-- name: delete_comment :one
DELETE FROM comments WHERE id = :id RETURNING id;

-- name: list_tags :values
SELECT tag
FROM tags
WHERE articles_count > 0
ORDER BY articles_count DESC, latest DESC
LIMIT 1000;

-- The counts that lists show, each kept by the transaction that changes it. One that
-- publishes, deletes or tags begins with this one, and the others wait for its end.
-- name: count_article :exec
UPDATE article_count SET total = total + :change;

-- name: count_by_author :exec
UPDATE users SET articles_count = articles_count + :change WHERE id = :author;

-- Once the article has its tags.
-- name: count_tags :exec
INSERT INTO tags (tag, articles_count, latest)
SELECT tag, 1, id FROM article_tags WHERE article_id = :article
ON CONFLICT (tag) DO UPDATE
SET articles_count = tags.articles_count + 1, latest = excluded.latest;

-- While the article still has its tags.
-- name: uncount_tags :exec
UPDATE tags
SET
  articles_count = articles_count - 1,
  latest = COALESCE((
    SELECT max(others.id) FROM article_tags AS others
    WHERE others.tag = tags.tag AND others.article_id <> :article
  ), 0)
WHERE tag IN (SELECT article_tags.tag FROM article_tags WHERE article_id = :article);

-- name: count_favorite :exec
UPDATE articles SET favorites_count = favorites_count + :change WHERE id = :article;

-- name: count_by_fan :exec
UPDATE users SET favorites_count = favorites_count + :change WHERE id = :user;

-- While the article still has its fans.
-- name: uncount_fans :exec
UPDATE users SET favorites_count = favorites_count - 1
WHERE id IN (SELECT user_id FROM favorites WHERE article_id = :article);
