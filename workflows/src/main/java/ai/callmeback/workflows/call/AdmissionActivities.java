package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** The checks a call must pass when it is due. */
@ActivityInterface
public interface AdmissionActivities {
    /**
     * Checks user, number, country, concurrency and the operator's switch, and holds the credits for the planned length.
     * The row is then {@code ADMITTED}. A repeat after success is a success.
     */
    Admission admit(CallId callId);

    /** @param refusalCode null when admitted */
    record Admission(@Nullable String refusalCode, String detail) {}
}
