-- Which price stands for a product at the payment vendor, apart for test money and for real: what the last sync found.
create table stripe_prices (
  product_code  text not null references products (code),
  live          boolean not null,
  price_id      text not null,
  amount_micros bigint not null,
  synced_at     timestamptz not null,
  primary key (product_code, live)
);
