-- Up Migration

-- Client programs: OAuth2 client credentials. Of a secret only its SHA-256 is kept.
create table tessera.client (
  account text collate "C" not null references tessera.account,
  id text collate "C" not null,
  secret_hash text collate "C" not null,
  name text not null,
  permissions text[] not null,
  party text collate "C",
  persona text,
  integration text,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (account, id),
  foreign key (account, party) references tessera.party
);

-- A key's text carries 256 random bits, so its plain SHA-256 is enough to keep.
create table tessera.api_key (
  account text collate "C" not null references tessera.account,
  id uuid not null,
  hash text collate "C" not null,
  name text not null,
  permissions text[] not null,
  party text collate "C",
  persona text,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (account, id),
  foreign key (account, party) references tessera.party
);
create unique index api_key_hash on tessera.api_key (account, hash);

-- Who else may sign tokens for an account, and which of their claims mean what.
create table tessera.issuer (
  account text collate "C" not null references tessera.account,
  name text collate "C" not null,
  issuer text collate "C" not null,
  audience text collate "C" not null,
  jwks_url text,
  jwks jsonb,
  mapping jsonb not null,
  created_at timestamptz not null,
  primary key (account, name),
  check ((jwks_url is null) <> (jwks is null))
);
create unique index issuer_audience on tessera.issuer (account, issuer, audience);

-- A person of an account. How the person signs in is kept in schema auth, by auth_user.
create table tessera.person (
  account text collate "C" not null references tessera.account,
  id uuid not null,
  email text collate "C" not null,
  name text not null,
  is_operator boolean not null,
  permissions text[] not null,
  party text collate "C",
  persona text,
  auth_user text collate "C" not null,
  created_at timestamptz not null,
  disabled_at timestamptz,
  primary key (account, id),
  foreign key (account, party) references tessera.party
);
create unique index person_email on tessera.person (account, email);
create unique index person_auth_user on tessera.person (account, auth_user);

-- The server's own signing keys. A row goes when the last token that it signed has run out.
create schema oidc;
create table oidc.signing_key (
  kid text collate "C" primary key,
  private_jwk jsonb not null,
  signs_from timestamptz not null,
  tokens_until timestamptz not null,
  created_at timestamptz not null
);

-- What better-auth asks for: its own generated statements, in a schema of its own.
create schema auth;

create table auth."user" (
  "id" text not null primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null
);

create table auth."session" (
  "id" text not null primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "activeOrganizationId" text
);
create index "session_userId_idx" on auth."session" ("userId");

create table auth."account" (
  "id" text not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on auth."account" ("userId");

create table auth."verification" (
  "id" text not null primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null
);
create index "verification_identifier_idx" on auth."verification" ("identifier");

create table auth."organization" (
  "id" text not null primary key,
  "name" text not null,
  "slug" text not null unique,
  "logo" text,
  "createdAt" timestamptz not null,
  "metadata" text,
  "account" text not null,
  "party" text
);

create table auth."member" (
  "id" text not null primary key,
  "organizationId" text not null references auth."organization" ("id") on delete cascade,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "role" text not null,
  "createdAt" timestamptz not null
);
create index "member_organizationId_idx" on auth."member" ("organizationId");
create index "member_userId_idx" on auth."member" ("userId");

create table auth."invitation" (
  "id" text not null primary key,
  "organizationId" text not null references auth."organization" ("id") on delete cascade,
  "email" text not null,
  "role" text,
  "status" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz default current_timestamp not null,
  "inviterId" text not null references auth."user" ("id") on delete cascade
);
create index "invitation_organizationId_idx" on auth."invitation" ("organizationId");
create index "invitation_email_idx" on auth."invitation" ("email");

-- Signs the session cookies; made at the first start.
create table auth.secret (
  name text collate "C" primary key,
  value text not null,
  created_at timestamptz not null default now()
);
