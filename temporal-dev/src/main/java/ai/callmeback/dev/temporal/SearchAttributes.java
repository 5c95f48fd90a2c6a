package ai.callmeback.dev.temporal;

import ai.callmeback.workflows.call.CallSearch;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.common.SearchAttributeKey;
import java.util.Map;
import java.util.stream.Collectors;

/** The search attributes our workflows set. */
public final class SearchAttributes {
    /** Name and type of each, as the server is told. */
    public static final Map<String, IndexedValueType> ALL = CallSearch.ALL.stream()
            .collect(Collectors.toUnmodifiableMap(SearchAttributeKey::getName, SearchAttributeKey::getValueType));

    private SearchAttributes() {}
}
