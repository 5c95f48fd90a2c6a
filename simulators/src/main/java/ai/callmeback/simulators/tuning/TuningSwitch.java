package ai.callmeback.simulators.tuning;

import ai.callmeback.simulators.core.Resettable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The speed in force now. Sessions that are open keep asking, so a change strikes at once. */
@Component
@EnableConfigurationProperties(Tuning.class)
public class TuningSwitch implements Resettable {
    private final Tuning initial;
    private volatile Tuning current;

    public TuningSwitch(Tuning initial) {
        this.initial = initial;
        this.current = initial;
    }

    public Tuning now() {
        return current;
    }

    /** Changes what {@code change} names and returns the result. */
    public synchronized Tuning change(Tuning.Change change) {
        current = current.with(change);
        return current;
    }

    @Override
    public synchronized void reset() {
        current = initial;
    }
}
