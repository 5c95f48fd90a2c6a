package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names and start options of call workflows, so that every starter starts them alike. */
public final class CallWorkflows {
    /** Workflows and every activity that is not audio. */
    public static final String TASK_QUEUE = "calls";

    private static final String CALL_PREFIX = "call-";
    private static final String AFTER_PREFIX = "after-";
    private static final String VOICE_PREFIX = "voice-";

    private static final Pattern REFUSAL = Pattern.compile("\\[([a-z_]+)] ([^']*)");

    private CallWorkflows() {}

    public static String workflowId(CallId callId) {
        return CALL_PREFIX + callId;
    }

    public static String afterWorkflowId(CallId callId) {
        return AFTER_PREFIX + callId;
    }

    /** The call that a workflow of this id is about; empty when it is about none. */
    public static Optional<CallId> callOf(String workflowId) {
        for (String prefix : List.of(CALL_PREFIX, AFTER_PREFIX)) {
            if (workflowId.startsWith(prefix)) {
                try {
                    return Optional.of(CallId.parse(workflowId.substring(prefix.length())));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** A repeat finds what has been started, or has ended (within Temporal's retention). */
    public static WorkflowOptions afterOptions(CallId callId) {
        return options(afterWorkflowId(callId), "After call " + callId);
    }

    /** The queue that only the worker process with this incarnation polls. */
    public static String voiceQueue(String incarnation) {
        return VOICE_PREFIX + incarnation;
    }

    /**
     * Why an update was refused, if it was.
     *
     * <p>What a validator throws reaches the client without its type (SDK 1.38 wraps it in an exception of its own), so
     * the code also leads the message.
     */
    public static Optional<UpdateRefusal> refusal(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApplicationFailure failure) {
                var match = REFUSAL.matcher(String.valueOf(failure.getOriginalMessage()));
                if (match.find()) {
                    return Optional.of(new UpdateRefusal(match.group(1), match.group(2)));
                }
            }
        }
        return Optional.empty();
    }

    /** A stable snake_case code and a sentence for people. */
    public record UpdateRefusal(String code, String message) {}

    static ApplicationFailure refuse(String code, String message) {
        return ApplicationFailure.newNonRetryableFailure("[" + code + "] " + message, code);
    }

    /**
     * A repeat of a running call finds it; a call that has ended is not run again (within Temporal's retention: beyond it
     * the call's row, being terminal, prevents it).
     */
    public static WorkflowOptions startOptions(CallId callId) {
        return options(workflowId(callId), "Call " + callId);
    }

    private static WorkflowOptions options(String workflowId, String summary) {
        return WorkflowOptions.newBuilder()
                .setTaskQueue(TASK_QUEUE)
                .setWorkflowId(workflowId)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setStaticSummary(summary)
                .build();
    }
}
