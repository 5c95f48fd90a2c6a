package ai.callmeback.api.call;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.domain.CallId;
import ai.callmeback.workflows.call.CallView;
import ai.callmeback.workflows.call.CallWorkflows;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Asks call workflows to change their mind. The Temporal client blocks, and for seconds while the server is away, so it
 * gets virtual threads of its own; nothing waits longer than {@link #PATIENT_DEADLINE}. An update's id names the request: when
 * the answer was lost and the request is repeated, it is done once.
 */
@Component
class CallEngine implements DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(CallEngine.class);
    /** For requests that are met in another way when the workflow does not answer. */
    static final Duration DEADLINE = Duration.ofSeconds(4);

    /** For requests that only the workflow can meet: whoever asks is better off waiting than asking again. */
    static final Duration PATIENT_DEADLINE = Duration.ofSeconds(10);

    static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int AT_ONCE = 64;
    private static final int WAITING = 256;

    private final WorkflowClient client;
    private final Scheduler threads = Schedulers.newBoundedElastic(
            AT_ONCE, WAITING, Thread.ofVirtual().name("temporal-", 0).factory(), 60);

    CallEngine(WorkflowClient client) {
        this.client = client;
    }

    /** What came of a request. */
    sealed interface Answer {
        /** Done; the workflow's view afterwards. */
        record Done(CallView view) implements Answer {}

        /** The workflow said no, with a stable code. */
        record Refused(String code, String message) implements Answer {}

        /** There is no such workflow (yet, or any more). */
        record NoWorkflow() implements Answer {}

        /** Temporal did not answer in time: the request may still be carried out. */
        record Unavailable() implements Answer {}
    }

    Mono<Answer> update(CallId call, String name, String updateId, Object argument, Duration deadline) {
        return Mono.fromCallable(() -> ask(call, name, updateId, argument))
                .subscribeOn(threads)
                .timeout(deadline, Mono.just(new Answer.Unavailable()));
    }

    private Answer ask(CallId call, String name, String updateId, Object argument) {
        try {
            CallView view = client.newUntypedWorkflowStub(CallWorkflows.workflowId(call))
                    .startUpdate(
                            UpdateOptions.newBuilder(CallView.class)
                                    .setUpdateName(name)
                                    .setUpdateId(updateId)
                                    .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                                    .build(),
                            argument)
                    .getResult();
            return new Answer.Done(view);
        } catch (WorkflowNotFoundException e) {
            return new Answer.NoWorkflow();
        } catch (RuntimeException e) {
            return answerOf(e);
        }
    }

    private static Answer answerOf(RuntimeException error) {
        var refusal = CallWorkflows.refusal(error);
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get().code(), refusal.get().message());
        }
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (at instanceof ApplicationFailure failure) {
                return new Answer.Refused(failure.getType(), failure.getOriginalMessage());
            }
            if (at instanceof StatusRuntimeException grpc) {
                return grpc.getStatus().getCode() == Status.Code.NOT_FOUND
                        ? new Answer.NoWorkflow()
                        : new Answer.Unavailable();
            }
        }
        // Interrupted because the deadline passed, or something new: either way the outcome is not known.
        log.warn("no answer from the call engine: {}", error.toString());
        return new Answer.Unavailable();
    }

    static ProblemException unavailable() {
        return ProblemException.retryLater(
                ProblemCode.WORKFLOW_UNAVAILABLE,
                "The call engine did not answer in time; the request may still be carried out. Repeating it is safe.",
                RETRY_AFTER);
    }

    @Override
    public void destroy() {
        threads.dispose();
    }
}
