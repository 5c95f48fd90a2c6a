package ai.callmeback.simulators.core;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fault switches. A simulator asks at the point where a fault could strike; asking takes one strike of the first
 * matching switch, oldest first. Safe for all threads; a strike is taken by exactly one asker.
 */
public final class Faults {
    /** More switches than any test needs; a bound keeps a runaway test from growing the list. */
    static final int MAX_FAULTS = 1_000;

    private final Journal journal;
    private final List<Fault> faults = new ArrayList<>();
    private volatile boolean anySet;
    private long nextId = 1;

    public Faults(Journal journal) {
        this.journal = journal;
    }

    /** Switches a fault on and returns it with its id. Refuses more than {@value #MAX_FAULTS}. */
    public synchronized Fault set(Fault fault) {
        if (faults.size() >= MAX_FAULTS) {
            throw new IllegalStateException("more than " + MAX_FAULTS + " faults are set");
        }
        Fault numbered = fault.withId("F" + nextId++);
        faults.add(numbered);
        anySet = true;
        return numbered;
    }

    /**
     * Takes one strike of the first switch of one of {@code kinds} that matches.
     *
     * @param targets what the asker knows about itself: call sid, number, session id; nulls are ignored
     */
    public Optional<Fault> take(String vendor, String operation, Set<FaultKind> kinds, @Nullable String... targets) {
        Optional<Fault> taken = takeQuietly(vendor, operation, kinds, targets);
        taken.ifPresent(fault -> journal.append(
                vendor,
                targets.length > 0 ? targets[0] : null,
                "fault.struck",
                Details.of("fault", fault.id(), "kind", fault.kind().name(), "operation", operation)));
        return taken;
    }

    /** Takes one strike of any kind. */
    public Optional<Fault> take(String vendor, String operation, @Nullable String... targets) {
        return take(vendor, operation, EnumSet.allOf(FaultKind.class), targets);
    }

    private synchronized Optional<Fault> takeQuietly(
            String vendor, String operation, Set<FaultKind> kinds, @Nullable String... targets) {
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            if (!kinds.contains(fault.kind()) || !matches(fault, vendor, operation, targets)) {
                continue;
            }
            if (fault.remaining() == 1) {
                faults.remove(i);
                anySet = !faults.isEmpty();
            } else if (fault.remaining() > 1) {
                faults.set(i, fault.withRemaining(fault.remaining() - 1));
            }
            return Optional.of(fault);
        }
        return Optional.empty();
    }

    private static boolean matches(Fault fault, String vendor, String operation, @Nullable String... targets) {
        if (!fault.vendor().equals(vendor)) {
            return false;
        }
        if (!fault.operation().equals("*") && !fault.operation().equals(operation)) {
            return false;
        }
        if (fault.target() == null) {
            return true;
        }
        for (String target : targets) {
            if (fault.target().equals(target)) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything is switched on at all: cheap enough to be asked for every frame. */
    public boolean any() {
        return anySet;
    }

    /** What is switched on, oldest first. */
    public synchronized List<Fault> list() {
        return List.copyOf(faults);
    }

    /** Switches one off; false if it is not on (any more). */
    public synchronized boolean clear(String id) {
        boolean removed = faults.removeIf(fault -> fault.id().equals(id));
        anySet = !faults.isEmpty();
        return removed;
    }

    /** Switches all off. */
    public synchronized void clearAll() {
        faults.clear();
        anySet = false;
    }
}
