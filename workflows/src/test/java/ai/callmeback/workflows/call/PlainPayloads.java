package ai.callmeback.workflows.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;

/** What anybody who may read a history can read in its payloads. Search attributes are in the clear by design. */
final class PlainPayloads {
    private static final ByteString SEALED = ByteString.copyFromUtf8("binary/encrypted");

    private PlainPayloads() {}

    static List<String> in(WorkflowExecutionHistory history) {
        List<String> plain = new ArrayList<>();
        history.getEvents().forEach(event -> collect(event, plain));
        return plain;
    }

    private static void collect(Object value, List<String> plain) {
        switch (value) {
            case SearchAttributes inTheClear -> {}
            case Payload payload -> {
                if (!SEALED.equals(payload.getMetadataOrDefault("encoding", ByteString.EMPTY))) {
                    plain.add(payload.getData().toStringUtf8());
                }
            }
            case Message message -> message.getAllFields().values().forEach(field -> collect(field, plain));
            case List<?> list -> list.forEach(each -> collect(each, plain));
            default -> {}
        }
    }
}
