package ai.callmeback.db.ledger;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's rules once more, for one user, in plain Java and in another way: credits are single seconds in lists, each
 * second knows its grant, and money is worked out at the end from what became of the seconds.
 */
final class LedgerModel {

    enum Fate {
        AVAILABLE,
        HELD,
        CHARGED,
        BROKEN,
        REFUNDED
    }

    static final class Grant {
        final UUID id;
        final int priority;
        final @Nullable Instant expiresAt;
        final int order;
        final long priceMicros;
        final Fate[] seconds;
        final List<ClawBack> clawBacks = new ArrayList<>();

        Grant(UUID id, int seconds, long priceMicros, int priority, @Nullable Instant expiresAt, int order) {
            this.id = id;
            this.priority = priority;
            this.expiresAt = expiresAt;
            this.order = order;
            this.priceMicros = priceMicros;
            this.seconds = new Fate[seconds];
            java.util.Arrays.fill(this.seconds, Fate.AVAILABLE);
        }

        boolean expired(Instant now) {
            return expiresAt != null && !expiresAt.isAfter(now);
        }

        int count(Fate fate) {
            int count = 0;
            for (Fate second : seconds) {
                count += second == fate ? 1 : 0;
            }
            return count;
        }

        int turn(Fate from, Fate to, int atMost) {
            int turned = 0;
            for (int i = 0; i < seconds.length && turned < atMost; i++) {
                if (seconds[i] == from) {
                    seconds[i] = to;
                    turned++;
                }
            }
            return turned;
        }

        /** What was paid for the seconds given back, in whole micros; a micro begun counts. */
        long refundedMicros() {
            BigInteger[] parts = BigInteger.valueOf(priceMicros)
                    .multiply(BigInteger.valueOf(count(Fate.REFUNDED)))
                    .divideAndRemainder(BigInteger.valueOf(seconds.length));
            return parts[0].longValueExact() + parts[1].signum();
        }

        long takenBackMicros() {
            return clawBacks.stream()
                    .filter(clawBack -> !clawBack.undone)
                    .mapToLong(clawBack -> clawBack.amountMicros)
                    .sum();
        }

        /** Money follows the seconds gone: whole micros, the rest with the last second. */
        long earnedMicros() {
            return BigInteger.valueOf(priceMicros)
                    .multiply(BigInteger.valueOf(count(Fate.CHARGED) + count(Fate.BROKEN)))
                    .divide(BigInteger.valueOf(seconds.length))
                    .longValueExact();
        }
    }

    static final class ClawBack {
        final String key;
        final long amountMicros;
        final int due;
        int gone;
        boolean undone;

        ClawBack(String key, long amountMicros, int due) {
            this.key = key;
            this.amountMicros = amountMicros;
            this.due = due;
        }
    }

    static final class Hold {
        final Map<Grant, Integer> slices = new LinkedHashMap<>();
        final Map<Grant, Integer> charged = new LinkedHashMap<>();
        final Instant deadline;
        HoldState state = HoldState.OPEN;
        boolean dialIntended;
        int seconds;
        boolean lateCharged;

        Hold(Instant deadline) {
            this.deadline = deadline;
        }
    }

    final List<Grant> grants = new ArrayList<>();
    final Map<UUID, Hold> holds = new LinkedHashMap<>();
    int owed;

    private List<Grant> burningOrder(Instant now) {
        Comparator<Grant> byExpiry =
                Comparator.comparing((Grant grant) -> grant.expiresAt, Comparator.nullsLast(Comparator.naturalOrder()));
        return grants.stream()
                .filter(grant -> !grant.expired(now) && grant.count(Fate.AVAILABLE) > 0)
                .sorted(Comparator.comparingInt((Grant grant) -> grant.priority)
                        .thenComparing(byExpiry)
                        .thenComparingInt(grant -> grant.order))
                .toList();
    }

    int available(Instant now) {
        return grants.stream()
                .filter(grant -> !grant.expired(now))
                .mapToInt(grant -> grant.count(Fate.AVAILABLE))
                .sum();
    }

    int held() {
        return grants.stream().mapToInt(grant -> grant.count(Fate.HELD)).sum();
    }

    boolean hold(UUID id, int seconds, Instant deadline, Instant now) {
        if (available(now) < seconds) {
            return false;
        }
        Hold hold = holds.computeIfAbsent(id, key -> new Hold(deadline));
        hold.seconds += seconds;
        int left = seconds;
        for (Grant grant : burningOrder(now)) {
            int taken = grant.turn(Fate.AVAILABLE, Fate.HELD, left);
            if (taken > 0) {
                hold.slices.merge(grant, taken, Integer::sum);
            }
            left -= taken;
        }
        return true;
    }

    int capture(Hold hold, int seconds, Instant now) {
        int charged = unwind(hold, seconds, now);
        hold.state = HoldState.CAPTURED;
        return charged;
    }

    void giveBack(Hold hold, HoldState state, Instant now) {
        unwind(hold, 0, now);
        hold.state = state;
    }

    private int unwind(Hold hold, int seconds, Instant now) {
        int left = Math.min(seconds, hold.seconds);
        int charged = left;
        for (Map.Entry<Grant, Integer> slice : hold.slices.entrySet()) {
            Grant grant = slice.getKey();
            int take = grant.turn(Fate.HELD, Fate.CHARGED, Math.min(left, slice.getValue()));
            hold.charged.put(grant, take);
            grant.turn(Fate.HELD, grant.expired(now) ? Fate.BROKEN : Fate.AVAILABLE, slice.getValue() - take);
            left -= take;
        }
        return charged;
    }

    /** What is owed for it in the end. */
    int captureLate(Hold hold, int seconds, Instant now) {
        hold.lateCharged = true;
        int due = Math.min(seconds, hold.seconds);
        int unpaid = due - charge(due, now);
        owed += unpaid;
        return unpaid;
    }

    int recover(Instant now) {
        int recovered = charge(owed, now);
        owed -= recovered;
        return recovered;
    }

    private int charge(int seconds, Instant now) {
        int left = seconds;
        for (Grant grant : burningOrder(now)) {
            left -= grant.turn(Fate.AVAILABLE, Fate.CHARGED, left);
        }
        return seconds - left;
    }

    void sweep(Instant now) {
        for (Hold hold : holds.values()) {
            if (hold.state == HoldState.OPEN && !hold.dialIntended && !hold.deadline.isAfter(now)) {
                giveBack(hold, HoldState.EXPIRED, now);
            }
        }
        for (Grant grant : grants) {
            if (grant.expired(now)) {
                grant.turn(Fate.AVAILABLE, Fate.BROKEN, grant.seconds.length);
            }
            grant.clawBacks.stream().filter(clawBack -> !clawBack.undone).forEach(clawBack -> take(grant, clawBack));
        }
    }

    /** False when it would be more than was paid. */
    boolean clawBack(Grant grant, String key, long amountMicros) {
        long inAll = grant.takenBackMicros() + amountMicros;
        if (inAll > grant.priceMicros) {
            return false;
        }
        int dueBefore = grant.clawBacks.stream()
                .filter(clawBack -> !clawBack.undone)
                .mapToInt(clawBack -> clawBack.due)
                .sum();
        int due = BigInteger.valueOf(inAll)
                .multiply(BigInteger.valueOf(grant.seconds.length))
                .divide(BigInteger.valueOf(grant.priceMicros))
                .intValueExact();
        ClawBack clawBack = new ClawBack(key, amountMicros, Math.max(0, due - dueBefore));
        grant.clawBacks.add(clawBack);
        take(grant, clawBack);
        return true;
    }

    private static void take(Grant grant, ClawBack clawBack) {
        clawBack.gone += grant.turn(Fate.AVAILABLE, Fate.REFUNDED, clawBack.due - clawBack.gone);
        clawBack.gone += grant.turn(Fate.BROKEN, Fate.REFUNDED, clawBack.due - clawBack.gone);
    }

    /** Seconds that had expired before they were taken back are expired again. */
    void undo(Grant grant, ClawBack clawBack, int expiredBefore, Instant now) {
        clawBack.undone = true;
        grant.turn(Fate.REFUNDED, Fate.BROKEN, grant.expired(now) ? clawBack.gone : expiredBefore);
        grant.turn(Fate.REFUNDED, Fate.AVAILABLE, grant.expired(now) ? 0 : clawBack.gone - expiredBefore);
    }

    int reversible(Hold hold) {
        return hold.charged.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many seconds belonged to grants that have expired, so that others must replace them. */
    int reverse(Hold hold, int seconds, Instant now) {
        int left = seconds;
        int replaced = 0;
        List<Grant> lastFirst = new ArrayList<>(hold.charged.keySet()).reversed();
        for (Grant grant : lastFirst) {
            int back = Math.min(left, hold.charged.get(grant));
            hold.charged.merge(grant, -back, Integer::sum);
            left -= back;
            replaced += grant.expired(now) ? back : back - grant.turn(Fate.CHARGED, Fate.AVAILABLE, back);
        }
        return replaced;
    }
}
