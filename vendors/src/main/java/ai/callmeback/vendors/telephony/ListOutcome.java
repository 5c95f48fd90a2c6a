package ai.callmeback.vendors.telephony;

import java.util.List;

/** Calls found, or why the vendor could not say. An empty list means: no such call. */
public sealed interface ListOutcome {

    record Listed(List<CallDetails> calls) implements ListOutcome {
        public Listed {
            calls = List.copyOf(calls);
        }
    }

    record Unknown(String reason) implements ListOutcome {}
}
