package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.chaos.money.KillPoint.Need;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is bought, called and killed, in rounds, each with at most one kill. The seed draws all of it. */
record Plan(List<Round> rounds) {
    private static final List<String> PRODUCTS =
            List.of("pack_25", "pack_50", "pack_100", "call_3", "call_5", "call_10", "call_15", "extension_5");
    /** What is reached only when no webhook of it is lost. */
    private static final Set<Need> SPEAKS_FIRST = EnumSet.of(Need.PURCHASE, Need.PLAN, Need.TOP_UP);

    /** Within what a signature may be off. */
    private static final int CLOCK_SECONDS = 240;

    private static final List<String> PAYMENT_EVENTS = List.of(
            "checkout.session.completed",
            "payment_intent.succeeded",
            "checkout.session.async_payment_succeeded",
            "checkout.session.expired",
            "customer.subscription.created",
            "customer.subscription.updated",
            "invoice.paid",
            "invoice.payment_failed",
            "setup_intent.succeeded");
    private static final List<String> PLANS = List.of("plan_casual", "plan_standard", "plan_power");
    /** The smallest cannot be made smaller. */
    private static final List<String> BIG_PLANS = List.of("plan_standard", "plan_power", "plan_pro");

    /**
     * One kill and what goes on around it.
     *
     * @param point null: nobody dies
     * @param before killed before the effect and not after it
     * @param faults for the simulators' fault switches
     * @param clockAheadSeconds of the payment vendor
     * @param calls how many begin
     */
    record Round(
            @Nullable KillPoint point,
            boolean before,
            List<Map<String, Object>> faults,
            int clockAheadSeconds,
            List<Wish> wishes,
            int calls) {}

    static Plan of(MoneyChaos.Options options) {
        Random random = new Random(options.seed());
        List<Wish> wishes = wishes(options.purchases(), random);
        List<Kill> kills = kills(random);
        List<Round> rounds = new ArrayList<>();
        int count = Math.max(1, options.kills());
        for (int i = 0; i < count; i++) {
            List<Wish> here = wishes.subList(share(wishes.size(), i, count), share(wishes.size(), i + 1, count));
            int called = calls(options.calls(), i, count);
            int calls = calls(options.calls(), i + 1, count) - called;
            Kill kill = options.kills() == 0 ? null : next(kills, trades(here), calls, called == 0);
            List<Wish> fitting =
                    kill == null ? here : fitting(here, kill.point().need());
            boolean mayLose =
                    kill == null || !SPEAKS_FIRST.contains(kill.point().need());
            rounds.add(new Round(
                    kill == null ? null : kill.point(),
                    kill != null && kill.before(),
                    faults(random, mayLose),
                    random.nextInt(-CLOCK_SECONDS, CLOCK_SECONDS + 1),
                    fitting,
                    calls));
        }
        return new Plan(rounds);
    }

    /** Everything once before anything comes twice. */
    private record Kill(KillPoint point, boolean before) {}

    private static List<Kill> kills(Random random) {
        List<Kill> kills = new ArrayList<>();
        for (KillPoint point : KillPoint.ALL) {
            kills.add(new Kill(point, true));
            if (!point.anywhere()) {
                kills.add(new Kill(point, false));
            }
        }
        Collections.shuffle(kills, random);
        return kills;
    }

    /** The first that can be reached by what goes on; it goes to the end of the line. */
    private static Kill next(List<Kill> kills, Set<Trade> trades, int calls, boolean quiet) {
        for (Kill kill : kills) {
            boolean reachable = switch (kill.point().need()) {
                case NOTHING -> true;
                case QUIET -> quiet && calls == 0;
                case CALL -> calls > 0;
                case PLAN -> trades.contains(Trade.PLAN);
                case TOP_UP -> trades.contains(Trade.TOP_UP);
                case PURCHASE, REFUND, REFUND_ORDER, DISPUTE -> trades.contains(Trade.SINGLE);
            };
            if (reachable) {
                kills.remove(kill);
                kills.add(kill);
                return kill;
            }
        }
        throw new IllegalStateException("a kill at any moment is always possible");
    }

    private static Set<Trade> trades(List<Wish> wishes) {
        Set<Trade> trades = EnumSet.noneOf(Trade.class);
        wishes.forEach(wish -> trades.add(wish.fate().trade()));
        return trades;
    }

    private static List<Wish> fitting(List<Wish> wishes, Need need) {
        Fate fate = switch (need) {
            case PURCHASE -> Fate.PAID;
            case REFUND -> Fate.REFUNDED;
            case REFUND_ORDER -> Fate.REFUND_ORDERED;
            case DISPUTE -> Fate.DISPUTE_WON;
            default -> null;
        };
        if (fate == null) {
            return wishes;
        }
        List<Wish> fitting = new ArrayList<>(wishes);
        for (int i = 0; i < wishes.size(); i++) {
            Wish wish = wishes.get(i);
            if (wish.fate().trade() == Trade.SINGLE) {
                fitting.set(i, new Wish(wish.number(), wish.product(), wish.quantity(), fate, wish.asked()));
                break;
            }
        }
        return fitting;
    }

    private static List<Wish> wishes(int count, Random random) {
        List<Wish> wishes = new ArrayList<>();
        for (Trade trade : trades(count, random)) {
            List<Fate> usual = Fate.usual(trade);
            Fate fate = usual.get(random.nextInt(usual.size()));
            List<String> products = switch (trade) {
                case SINGLE -> PRODUCTS;
                case PLAN -> fate == Fate.MADE_SMALLER ? BIG_PLANS : PLANS;
                case TOP_UP -> List.of("pack_25");
            };
            wishes.add(new Wish(
                    wishes.size() + 1,
                    products.get(random.nextInt(products.size())),
                    trade == Trade.SINGLE && random.nextInt(4) == 0 ? random.nextInt(2, 4) : 1,
                    fate,
                    random.nextInt(3) == 0 ? 3 : 1));
        }
        return wishes;
    }

    /** A quarter are plans, a quarter auto top-ups; of few purchases too. */
    private static List<Trade> trades(int count, Random random) {
        List<Trade> trades = new ArrayList<>(Collections.nCopies(count, Trade.SINGLE));
        int plans = (count + 2) / 4;
        for (int i = 0; i < plans + (count + 1) / 4; i++) {
            trades.set(i, i < plans ? Trade.PLAN : Trade.TOP_UP);
        }
        Collections.shuffle(trades, random);
        return trades;
    }

    /**
     * Doubled, late and out of order may be anything. Lost may be what a later look makes up for: a refund nobody tells us of
     * is found by the daily reconciliation only.
     */
    private static List<Map<String, Object>> faults(Random random, boolean mayLose) {
        List<Map<String, Object>> faults = new ArrayList<>();
        faults.add(webhook("DUPLICATE_CALLBACKS", random.nextInt(1, 4), 0, null));
        faults.add(webhook("DELAY", random.nextInt(1, 3), random.nextInt(1_000, 6_000), null));
        faults.add(callback(List.of("DUPLICATE_CALLBACKS", "REORDER_CALLBACKS").get(random.nextInt(2))));
        if (mayLose) {
            String kind = random.nextInt(2) == 0 ? "DROP_CALLBACKS" : "REORDER_CALLBACKS";
            PAYMENT_EVENTS.forEach(type -> faults.add(webhook(kind, 1, 0, type)));
            faults.add(callback("DROP_CALLBACKS"));
        }
        Collections.shuffle(faults, random);
        return faults;
    }

    private static Map<String, Object> webhook(String kind, int count, int delayMillis, @Nullable String type) {
        Map<String, Object> fault = new java.util.HashMap<>(Map.of(
                "vendor", "stripe", "operation", "webhook", "kind", kind, "count", count, "delayMillis", delayMillis));
        if (type != null) {
            fault.put("target", type);
        }
        return fault;
    }

    private static Map<String, Object> callback(String kind) {
        return Map.of("vendor", "twilio", "operation", "callback", "kind", kind, "count", 1);
    }

    /** How many begin before a round: none in the first third, so that the simulators can be killed. */
    private static int calls(int all, int round, int rounds) {
        int quiet = rounds / 3;
        return share(all, Math.max(0, round - quiet), rounds - quiet);
    }

    private static int share(int all, int part, int parts) {
        return (int) ((long) all * part / parts);
    }
}
