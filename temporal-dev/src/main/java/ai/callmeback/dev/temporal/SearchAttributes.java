package ai.callmeback.dev.temporal;

import io.temporal.api.enums.v1.IndexedValueType;
import java.util.Map;

/** The search attributes our workflows set. */
public final class SearchAttributes {
    /** Name and type of each, as the server is told. */
    public static final Map<String, IndexedValueType> ALL = Map.of();

    private SearchAttributes() {}
}
