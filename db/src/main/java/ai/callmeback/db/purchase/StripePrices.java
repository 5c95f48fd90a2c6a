package ai.callmeback.db.purchase;

import static ai.callmeback.db.row.Columns.number;

import ai.callmeback.domain.UsdMicros;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Which price stands for a product at Stripe, for test money and for real. */
@Repository
public class StripePrices {
    private final DatabaseClient db;

    public StripePrices(DatabaseClient db) {
        this.db = db;
    }

    /**
     * How the catalogue stands at Stripe for one kind of money.
     *
     * @param known products with a price of that kind
     * @param stale of those, how many cost something else now
     * @param missing products on sale without one
     * @param ofOtherKind products with a price of the other kind
     */
    public record Standing(long known, long stale, long missing, long ofOtherKind) {}

    /** Keeps what a sync found; the latest stands. */
    public Mono<Void> keep(String code, boolean live, String priceId, UsdMicros amount, Instant at) {
        return db.sql("""
                        insert into stripe_prices values (:code, :live, :price, :amount, :at)
                        on conflict (product_code, live) do update
                        set price_id = excluded.price_id, amount_micros = excluded.amount_micros,
                            synced_at = excluded.synced_at""")
                .bind("code", code)
                .bind("live", live)
                .bind("price", priceId)
                .bind("amount", amount.amountMicros())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    public Mono<Standing> standing(boolean live) {
        return db.sql("""
                        select count(*) filter (where s.live = :live) as known,
                               count(*) filter (where s.live = :live and s.amount_micros <> p.price_micros) as stale,
                               count(distinct p.code) - count(*) filter (where s.live = :live) as missing,
                               count(*) filter (where s.live <> :live) as other
                        from products p left join stripe_prices s on s.product_code = p.code where p.active""")
                .bind("live", live)
                .map(row -> new Standing(
                        number(row, "known"), number(row, "stale"), number(row, "missing"), number(row, "other")))
                .one();
    }
}
