package ai.callmeback.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The last rung: a workflow outlives the worker it was cached at. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InJvmServerTest {
    private static final String QUEUE = "waiting";

    /** Waits for a word. */
    @WorkflowInterface
    public interface Waiting {
        @WorkflowMethod
        String run();

        @SignalMethod
        void tell(String word);

        @QueryMethod
        boolean begun();
    }

    /** Keeps what it was told. */
    public static class WaitingImpl implements Waiting {
        private String told = "";
        private boolean begun;

        @Override
        public String run() {
            begun = true;
            Workflow.await(() -> !told.isEmpty());
            return told;
        }

        @Override
        public void tell(String word) {
            told = word;
        }

        @Override
        public boolean begun() {
            return begun;
        }
    }

    @Test
    void aWorkflowOfAKilledWorkerGoesOnAtAnother() throws Exception {
        try (InJvmServer server = InJvmServer.start(0)) {
            assertThat(afterTheDeathOfItsWorker(server, 30)).isEqualTo("marigold");
        }
    }

    /** The same without the interceptor: the task waits in the dead worker's own queue. */
    @Test
    void withoutTheInterceptorItHangs() throws Exception {
        try (InJvmServer server = InJvmServer.start(0, List.of())) {
            assertThatThrownBy(() -> afterTheDeathOfItsWorker(server, 4)).isInstanceOf(TimeoutException.class);
        }
    }

    private static String afterTheDeathOfItsWorker(InJvmServer server, long seconds) throws Exception {
        WorkflowServiceStubs mine = stubs(server);
        try {
            WorkflowClient client = WorkflowClient.newInstance(mine);
            Waiting waiting = client.newWorkflowStub(
                    Waiting.class,
                    WorkflowOptions.newBuilder()
                            .setTaskQueue(QUEUE)
                            .setWorkflowId("waiting-1")
                            .build());
            WorkflowServiceStubs doomed = stubs(server);
            WorkerFactory first = worker(doomed);
            WorkflowClient.start(waiting::run);
            assertThat(waiting.begun()).isTrue();
            // As a kill would: nothing can be said to the server any more.
            doomed.shutdownNow();
            first.shutdownNow();

            WorkerFactory second = worker(mine);
            try {
                waiting.tell("marigold");
                return WorkflowStub.fromTyped(waiting).getResult(seconds, TimeUnit.SECONDS, String.class);
            } catch (TimeoutException e) {
                // Else the server's own thread, still waiting for the end, would fall over the closed connection later.
                WorkflowStub.fromTyped(waiting).terminate("it hangs");
                throw e;
            } finally {
                second.shutdownNow();
            }
        } finally {
            mine.shutdownNow();
        }
    }

    private static WorkerFactory worker(WorkflowServiceStubs stubs) {
        WorkerFactory factory = WorkerFactory.newInstance(WorkflowClient.newInstance(stubs));
        factory.newWorker(QUEUE).registerWorkflowImplementationTypes(WaitingImpl.class);
        factory.start();
        return factory;
    }

    private static WorkflowServiceStubs stubs(InJvmServer server) {
        return WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(server.target())
                .build());
    }
}
