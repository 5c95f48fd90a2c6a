package ai.callmeback.dev.chaos.money;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a process is killed.
 *
 * @param process by its name in the environment
 * @param need what has to go on for the process to come by
 */
record KillPoint(String name, String process, Need need, Place place) {

    /** What has to go on. */
    enum Need {
        NOTHING,
        /** Nobody has been called yet: the simulators remember payments, and calls that are over. */
        QUIET,
        /** A single one, like the refunds and disputes below. */
        PURCHASE,
        REFUND,
        REFUND_ORDER,
        DISPUTE,
        PLAN,
        TOP_UP,
        CALL
    }

    /** How the moment is found. */
    sealed interface Place {
        /**
         * A row written, seen by a trigger before the write is committed.
         *
         * @param moment {@code insert} or {@code update of …}
         * @param when a condition on the new row, or null
         */
        record Write(String table, String moment, @Nullable String when) implements Place {}

        /** A request that has reached a vendor. */
        record Request(String vendor, String operation) implements Place {}

        /** Whatever the process is doing. */
        record Anywhere() implements Place {}
    }

    private static final String API = "api";
    private static final String WORKER = "call-worker";

    /** Every side effect about money, and each process at random. */
    static final List<KillPoint> ALL = all();

    private static List<KillPoint> all() {
        List<KillPoint> points = new ArrayList<>(List.of(
                write(API, Need.PURCHASE, "purchases", "insert", "new.status = 'NEW' and new.topup_id is null"),
                write(API, Need.PURCHASE, "payment_events", "insert", null),
                write(API, Need.REFUND_ORDER, "refund_orders", "insert", null),
                write(API, Need.CALL, "calls", "insert", null),
                write(API, Need.CALL, "webhook_inbox", "insert", null),
                write(WORKER, Need.PURCHASE, "purchases", "update of checkout_session", null),
                write(WORKER, Need.PURCHASE, "credited_payments", "insert", null),
                write(WORKER, Need.PURCHASE, "purchases", "update of status", "new.status = 'COMPLETED'"),
                write(WORKER, Need.PURCHASE, "payment_events", "update of applied_at", null),
                write(WORKER, Need.REFUND_ORDER, "refund_orders", "update of status", null),
                write(WORKER, Need.CALL, "dial_intents", "insert", null),
                write(WORKER, Need.CALL, "calls", "update of settled_at", "new.settled_at is not null"),
                write(API, Need.PLAN, "subscriptions", "insert", null),
                write(API, Need.PLAN, "subscription_orders", "insert", null),
                write(WORKER, Need.PLAN, "subscriptions", "update of checkout_session", null),
                write(WORKER, Need.PLAN, "subscription_periods", "insert", null),
                write(WORKER, Need.PLAN, "subscription_orders", "update of status", null),
                write(API, Need.TOP_UP, "auto_topups", "insert", null),
                write(WORKER, Need.TOP_UP, "card_setups", "update of session", null),
                write(WORKER, Need.TOP_UP, "purchases", "update of topup_payment", null),
                posting(Need.PURCHASE, "card_fee"),
                posting(Need.REFUND, "refund"),
                posting(Need.DISPUTE, "dispute"),
                posting(Need.CALL, "hold"),
                posting(Need.CALL, "capture"),
                posting(Need.CALL, "call_cost"),
                request(Need.PURCHASE, "stripe", "checkout"),
                request(Need.REFUND_ORDER, "stripe", "refunds"),
                request(Need.PLAN, "stripe", "subscriptions"),
                request(Need.TOP_UP, "stripe", "payments"),
                request(Need.TOP_UP, "stripe", "confirm"),
                request(Need.TOP_UP, "stripe", "detach"),
                request(Need.PURCHASE, "resend", "emails"),
                request(Need.CALL, "twilio", "createCall")));
        points.add(new KillPoint(
                "insert into purchases by itself",
                WORKER,
                Need.TOP_UP,
                new Place.Write("purchases", "insert", "new.topup_id is not null")));
        for (String process : List.of(API, WORKER, "temporal", "postgres")) {
            points.add(new KillPoint("any moment of " + process, process, Need.NOTHING, new Place.Anywhere()));
        }
        points.add(new KillPoint("any moment of simulators", "simulators", Need.QUIET, new Place.Anywhere()));
        return List.copyOf(points);
    }

    private static KillPoint write(String process, Need need, String table, String moment, @Nullable String when) {
        String name = moment + (moment.contains(" of ") ? " of " : " into ") + table;
        return new KillPoint(name, process, need, new Place.Write(table, moment, when));
    }

    private static KillPoint posting(Need need, String kind) {
        return new KillPoint(
                "posting " + kind,
                WORKER,
                need,
                new Place.Write("ledger_postings", "insert", "new.kind = '" + kind + "'"));
    }

    private static KillPoint request(Need need, String vendor, String operation) {
        return new KillPoint(vendor + " " + operation, WORKER, need, new Place.Request(vendor, operation));
    }

    boolean anywhere() {
        return place instanceof Place.Anywhere;
    }
}
