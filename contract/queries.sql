-- The statements of both stacks, one text for SQLite and PostgreSQL.
-- "-- name: get_user :one" makes db.get_user (Python) and db.getUser (JavaScript).
-- :one gives a row or nothing, :many a list of rows, :exec nothing.
-- Parameters that may be null are cast, or PostgreSQL could not tell their type.

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
  CASE WHEN EXISTS (
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

-- name: list_articles :many
SELECT
  slug, title, description, "tagList", "createdAt", "updatedAt", "favoritesCount",
  CASE WHEN EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image,
  CASE WHEN EXISTS (
    SELECT 1 FROM follows
    WHERE follows.follower_id = CAST(:viewer AS bigint)
    AND follows.followed_id = article_details."authorId"
  ) THEN 1 ELSE 0 END AS following
FROM article_details
WHERE
  (CAST(:tag AS text) IS NULL OR id IN (
    SELECT article_id FROM article_tags WHERE tag = CAST(:tag AS text)
  ))
  AND (CAST(:author AS text) IS NULL OR username = CAST(:author AS text))
  AND (CAST(:favorited AS text) IS NULL OR id IN (
    SELECT favorites.article_id FROM favorites
    JOIN users AS fans ON fans.id = favorites.user_id
    WHERE fans.username = CAST(:favorited AS text)
  ))
ORDER BY "createdAt" DESC, id DESC
LIMIT :limit OFFSET :offset;

-- name: count_articles :one
SELECT CAST(count(*) AS integer) AS total
FROM articles
WHERE
  (CAST(:tag AS text) IS NULL OR id IN (
    SELECT article_id FROM article_tags WHERE tag = CAST(:tag AS text)
  ))
  AND (CAST(:author AS text) IS NULL OR author_id IN (
    SELECT users.id FROM users WHERE users.username = CAST(:author AS text)
  ))
  AND (CAST(:favorited AS text) IS NULL OR id IN (
    SELECT favorites.article_id FROM favorites
    JOIN users AS fans ON fans.id = favorites.user_id
    WHERE fans.username = CAST(:favorited AS text)
  ));

-- name: list_feed :many
SELECT
  slug, title, description, "tagList", "createdAt", "updatedAt", "favoritesCount",
  CASE WHEN EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = :viewer AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image, 1 AS following
FROM article_details
WHERE "authorId" IN (SELECT followed_id FROM follows WHERE follower_id = :viewer)
ORDER BY "createdAt" DESC, id DESC
LIMIT :limit OFFSET :offset;

-- name: count_feed :one
SELECT CAST(count(*) AS integer) AS total
FROM articles
WHERE author_id IN (SELECT followed_id FROM follows WHERE follower_id = :viewer);

-- name: get_article :one
SELECT
  id, "authorId", slug, title, description, body, "tagList", "createdAt", "updatedAt",
  "favoritesCount",
  CASE WHEN EXISTS (
    SELECT 1 FROM favorites
    WHERE favorites.user_id = CAST(:viewer AS bigint) AND favorites.article_id = article_details.id
  ) THEN 1 ELSE 0 END AS favorited,
  username, bio, image,
  CASE WHEN EXISTS (
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
UPDATE articles SET id = id WHERE id = :id RETURNING slug, title;

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

-- name: delete_article :one
DELETE FROM articles WHERE id = :id RETURNING id;

-- name: insert_tag :exec
INSERT INTO article_tags (article_id, tag) VALUES (:article, :tag);

-- name: delete_tags :exec
DELETE FROM article_tags WHERE article_id = :article;

-- name: favorite :exec
INSERT INTO favorites (article_id, user_id) VALUES (:article, :user)
ON CONFLICT DO NOTHING;

-- name: unfavorite :exec
DELETE FROM favorites WHERE article_id = :article AND user_id = :user;

-- name: list_comments :many
SELECT
  id, "createdAt", "updatedAt", body, username, bio, image,
  CASE WHEN EXISTS (
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
  CASE WHEN EXISTS (
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

-- name: list_tags :many
SELECT tag
FROM article_tags
GROUP BY tag
ORDER BY count(*) DESC, max(id) DESC
LIMIT 1000;
