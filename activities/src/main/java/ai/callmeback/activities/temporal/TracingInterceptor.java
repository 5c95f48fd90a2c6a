package ai.callmeback.activities.temporal;

import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.vendors.trace.CallSpan.Kind;
import ai.callmeback.vendors.trace.CallTraces;
import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Puts call workflows and each attempt of their activities into the trace of their call. Workflow code is only watched:
 * nothing is asked of it, and nothing told while it is replayed. What follows a call hangs on the call's own workflow: the
 * one that carries it out is over only when the words are deleted, months later.
 */
@Component
class TracingInterceptor extends WorkerInterceptorBase {
    private static final String AFTER = "after";

    private final CallTraces traces;
    private final InstantSource clock;

    TracingInterceptor(CallTraces traces, InstantSource clock) {
        this.traces = traces;
        this.clock = clock;
    }

    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
        return new WorkflowInboundCallsInterceptorBase(next) {
            // A run that goes on as another, or is put out of memory, leaves by an Error and tells nothing.
            @Override
            public WorkflowOutput execute(WorkflowInput input) {
                try {
                    WorkflowOutput output = super.execute(input);
                    over(Workflow.getInfo(), null);
                    return output;
                } catch (RuntimeException e) {
                    over(Workflow.getInfo(), e);
                    throw e;
                }
            }
        };
    }

    private void over(WorkflowInfo info, @Nullable RuntimeException failure) {
        Optional<CallId> call = CallWorkflows.callOf(info.getWorkflowId());
        if (call.isEmpty() || WorkflowUnsafe.isReplaying()) {
            return;
        }
        boolean after = info.getWorkflowId().equals(CallWorkflows.afterWorkflowId(call.get()));
        traces.add(CallSpan.of(
                        call.get(),
                        after ? AFTER : CallSpan.WORKFLOW,
                        after ? CallSpan.WORKFLOW : CallSpan.OUTBOX,
                        Kind.CONSUMER,
                        info.getWorkflowType(),
                        Instant.ofEpochMilli(info.getRunStartedTimestampMillis()),
                        Instant.ofEpochMilli(Workflow.currentTimeMillis()))
                .failed(failure == null ? null : code(failure)));
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {
            private @Nullable ActivityInfo info;

            @Override
            public void init(ActivityExecutionContext context) {
                info = context.getInfo();
                super.init(context);
            }

            @Override
            public ActivityOutput execute(ActivityInput input) {
                Instant start = clock.instant();
                try {
                    ActivityOutput output = super.execute(input);
                    done(info, start, null);
                    return output;
                } catch (RuntimeException e) {
                    done(info, start, e);
                    throw e;
                }
            }
        };
    }

    private void done(@Nullable ActivityInfo info, Instant start, @Nullable RuntimeException failure) {
        if (info == null || info.getWorkflowId() == null) {
            return;
        }
        CallWorkflows.callOf(info.getWorkflowId())
                .ifPresent(call -> traces.add(CallSpan.of(
                                call,
                                "activity-" + info.getWorkflowRunId() + "-" + info.getActivityId() + "-"
                                        + info.getAttempt(),
                                CallSpan.WORKFLOW,
                                Kind.INTERNAL,
                                info.getActivityType(),
                                start,
                                clock.instant())
                        .with("activity.attempt", info.getAttempt())
                        .failed(failure == null ? null : code(failure))));
    }

    /** Which failure, never its message. */
    private static String code(RuntimeException failure) {
        return failure instanceof ApplicationFailure known && known.getType() != null
                ? known.getType()
                : failure.getClass().getSimpleName();
    }
}
