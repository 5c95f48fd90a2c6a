package ai.callmeback.dev.temporal;

import ai.callmeback.vendors.settings.Secret;
import com.google.protobuf.util.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.ServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Brings a server into the state our workflows need: the namespace, its retention, the search attributes. With an API key
 * it speaks TLS, as our applications do.
 */
public final class NamespaceSetup {
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration RPC = Duration.ofSeconds(5);

    private final String target;
    private final String namespace;
    private final Secret apiKey;

    /** For a server of our own, which asks for no key. */
    public NamespaceSetup(String target, String namespace) {
        this(target, namespace, Secret.NONE);
    }

    /** @param apiKey {@code TEMPORAL_API_KEY}, or {@link Secret#NONE} */
    public NamespaceSetup(String target, String namespace, Secret apiKey) {
        this.target = target;
        this.namespace = namespace;
        this.apiKey = apiKey;
    }

    /** The server's version; empty for the in-JVM test server, which has none. Throws while it cannot be reached. */
    public String serverVersion() {
        return withWorkflowService(stubs -> stubs.blockingStub()
                .getSystemInfo(GetSystemInfoRequest.getDefaultInstance())
                .getServerVersion());
    }

    /** Makes what is missing; a repeat changes nothing. Never shortens a retention. */
    public void prepare(Map<String, IndexedValueType> searchAttributes) {
        withWorkflowService(stubs -> {
            prepareNamespace(stubs);
            return "";
        });
        prepareSearchAttributes(searchAttributes);
    }

    private void prepareNamespace(WorkflowServiceStubs stubs) {
        try {
            DescribeNamespaceResponse found = stubs.blockingStub()
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(namespace)
                            .build());
            if (found.getConfig().getWorkflowExecutionRetentionTtl().getSeconds() < RETENTION.toSeconds()) {
                stubs.blockingStub()
                        .updateNamespace(UpdateNamespaceRequest.newBuilder()
                                .setNamespace(namespace)
                                .setConfig(NamespaceConfig.newBuilder()
                                        .setWorkflowExecutionRetentionTtl(Durations.fromSeconds(RETENTION.toSeconds())))
                                .build());
            }
        } catch (StatusRuntimeException e) {
            switch (e.getStatus().getCode()) {
                case NOT_FOUND -> register(stubs);
                // The in-JVM server knows no namespaces and takes any.
                case UNIMPLEMENTED -> {}
                default -> throw e;
            }
        }
    }

    private void register(WorkflowServiceStubs stubs) {
        try {
            stubs.blockingStub()
                    .registerNamespace(RegisterNamespaceRequest.newBuilder()
                            .setNamespace(namespace)
                            .setWorkflowExecutionRetentionPeriod(Durations.fromSeconds(RETENTION.toSeconds()))
                            .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private void prepareSearchAttributes(Map<String, IndexedValueType> wanted) {
        OperatorServiceStubs stubs = OperatorServiceStubs.newServiceStubs(
                connection(OperatorServiceStubsOptions.newBuilder()).validateAndBuildWithDefaults());
        try {
            Map<String, IndexedValueType> missing = new LinkedHashMap<>(wanted);
            missing.keySet().removeAll(present(stubs));
            if (!missing.isEmpty()) {
                stubs.blockingStub()
                        .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                                .setNamespace(namespace)
                                .putAllSearchAttributes(missing)
                                .build());
            }
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
                throw e;
            }
        } finally {
            stubs.shutdownNow();
        }
    }

    private Set<String> present(OperatorServiceStubs stubs) {
        try {
            return stubs.blockingStub()
                    .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                            .setNamespace(namespace)
                            .build())
                    .getCustomAttributesMap()
                    .keySet();
        } catch (StatusRuntimeException e) {
            // The in-JVM server adds attributes but cannot list them.
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return Set.of();
            }
            throw e;
        }
    }

    private String withWorkflowService(java.util.function.Function<WorkflowServiceStubs, String> action) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                connection(WorkflowServiceStubsOptions.newBuilder()).build());
        try {
            return action.apply(stubs);
        } finally {
            stubs.shutdownNow();
        }
    }

    private <T extends ServiceStubsOptions.Builder<T>> T connection(T options) {
        options.setTarget(target).setRpcTimeout(RPC);
        return apiKey.isSet() ? options.setEnableHttps(true).addApiKey(apiKey::reveal) : options;
    }
}
