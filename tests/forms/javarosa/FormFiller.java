import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.ValidateOutcome;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.MultipleItemsData;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.IPropertyManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormUtils;

/** Fills one form the way a phone does: question by question, with the engine's own relevance and constraints. */
final class FormFiller {
    final List<Map<String, String>> problems = new ArrayList<>();
    final Map<String, File> files = new LinkedHashMap<>();
    final List<String> asked = new ArrayList<>();
    private final Map<String, String> answers = new HashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final FormDef form;
    private final FormEntryController controller;

    FormFiller(byte[] xform, Map<String, String> said, File media, String language, String deviceId) throws Exception {
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new DeviceProperties(deviceId));
        registerMedia(media);
        for (Map.Entry<String, String> one : said.entrySet()) {
            answers.put(plain(one.getKey()), one.getValue());
        }
        form = XFormUtils.getFormFromInputStream(new ByteArrayInputStream(xform));
        form.initialize(true, new InstanceInitializationFactory());
        controller = new FormEntryController(new FormEntryModel(form));
        if (!language.isEmpty()) {
            controller.setLanguage(language);
        }
    }

    /** Answers every question that is asked; returns the instance, or null when the engine refused an answer. */
    byte[] fill() throws Exception {
        int event = controller.stepToNextEvent();
        while (event != FormEntryController.EVENT_END_OF_FORM) {
            if (event == FormEntryController.EVENT_QUESTION) {
                answer(controller.getModel().getQuestionPrompt());
            } else if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT && wantsAnother()) {
                controller.newRepeat();
            }
            event = controller.stepToNextEvent();
        }
        controller.finalizeFormEntry();
        validate();
        return problems.isEmpty() ? new XFormSerializingVisitor().serializeInstance(form.getInstance()) : null;
    }

    List<String> unasked() {
        List<String> left = new ArrayList<>(answers.keySet());
        left.removeAll(used);
        left.sort(null);
        return left;
    }

    String title() {
        return form.getTitle();
    }

    private void answer(FormEntryPrompt prompt) throws IOException {
        String path = plain(prompt.getIndex().getReference().toString(true));
        asked.add(path);
        String said = answers.get(path);
        if (said == null) {
            return;
        }
        used.add(path);
        IAnswerData data;
        try {
            data = value(prompt, path, said);
        } catch (RuntimeException unreadable) {
            problem(path, "unreadable", prompt.getQuestionText(), String.valueOf(unreadable.getMessage()));
            return;
        }
        int outcome = controller.answerQuestion(data, true);
        if (outcome == FormEntryController.ANSWER_CONSTRAINT_VIOLATED) {
            problem(path, "constraint", prompt.getQuestionText(), prompt.getConstraintText(data));
        } else if (outcome == FormEntryController.ANSWER_REQUIRED_BUT_EMPTY) {
            problem(path, "required", prompt.getQuestionText(), "");
        }
    }

    private IAnswerData value(FormEntryPrompt prompt, String path, String said) {
        switch (prompt.getControlType()) {
            case Constants.CONTROL_SELECT_ONE:
                return new SelectOneData(choose(prompt, said));
            case Constants.CONTROL_SELECT_MULTI:
                List<Selection> chosen = new ArrayList<>();
                for (String name : said.trim().split("\\s+")) {
                    chosen.add(choose(prompt, name));
                }
                return new MultipleItemsData(chosen);
            case Constants.CONTROL_IMAGE_CHOOSE:
            case Constants.CONTROL_AUDIO_CAPTURE:
            case Constants.CONTROL_VIDEO_CAPTURE:
            case Constants.CONTROL_FILE_CAPTURE:
                File file = new File(said);
                files.put(file.getName(), file);
                return XFormAnswerDataParser.getAnswerData(file.getName(), Constants.DATATYPE_TEXT);
            default:
                return XFormAnswerDataParser.getAnswerData(said, prompt.getDataType(), prompt.getQuestion());
        }
    }

    private static Selection choose(FormEntryPrompt prompt, String name) {
        for (SelectChoice choice : prompt.getSelectChoices()) {
            if (choice.getValue().equals(name)) {
                return choice.selection();
            }
        }
        throw new IllegalArgumentException("no such choice is offered");
    }

    private boolean wantsAnother() {
        String repeat = plain(controller.getModel().getFormIndex().getReference().toString(true));
        return answers.keySet().stream().anyMatch(key -> key.startsWith(repeat + "/"));
    }

    private void validate() {
        ValidateOutcome outcome = form.validate(true);
        if (outcome == null || !problems.isEmpty()) {
            return;
        }
        FormEntryPrompt prompt = new FormEntryPrompt(form, outcome.failedPrompt);
        boolean required = outcome.outcome == FormEntryController.ANSWER_REQUIRED_BUT_EMPTY;
        String path = plain(outcome.failedPrompt.getReference().toString(true));
        problem(path, required ? "required" : "constraint", prompt.getQuestionText(), prompt.getConstraintText());
    }

    private void problem(String path, String kind, String question, String message) {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("path", path);
        one.put("kind", kind);
        one.put("question", question == null ? "" : question);
        one.put("message", message == null ? "" : message);
        problems.add(one);
    }

    /** "/data[1]/company[1]/sibling[2]/name[1]" becomes "/company/sibling[2]/name". */
    private static String plain(String path) {
        String bare = path.replace("[1]", "").replaceFirst("^/?data(?=/|$)", "");
        return bare.startsWith("/") ? bare : "/" + bare;
    }

    private static void registerMedia(File folder) {
        ReferenceManager manager = ReferenceManager.instance();
        manager.reset();
        // The root "file" also matches "file-csv", so the longer one has to be first or lists stay silently empty.
        for (String root : new String[] {"file-csv", "file", "images", "audio", "video"}) {
            manager.addReferenceFactory(new PrefixedRootFactory(new String[] {root}) {
                @Override
                protected Reference factory(String terminal, String uri) {
                    return new LocalFile(new File(folder, terminal), uri);
                }
            });
        }
    }

    private static final class LocalFile implements Reference {
        private final File file;
        private final String uri;

        LocalFile(File file, String uri) {
            this.file = file;
            this.uri = uri;
        }

        @Override public boolean doesBinaryExist() { return file.isFile(); }
        @Override public InputStream getStream() throws IOException { return new FileInputStream(file); }
        @Override public String getURI() { return uri; }
        @Override public String getLocalURI() { return file.getAbsolutePath(); }
        @Override public boolean isReadOnly() { return true; }
        @Override public OutputStream getOutputStream() throws IOException { throw new IOException("read only"); }
        @Override public void remove() throws IOException { throw new IOException("read only"); }
        @Override public Reference[] probeAlternativeReferences() { return new Reference[0]; }
    }

    private static final class DeviceProperties implements IPropertyManager {
        private final String deviceId;

        DeviceProperties(String deviceId) {
            this.deviceId = deviceId;
        }

        @Override public List<String> getProperty(String name) { return new ArrayList<>(); }
        @Override public void setProperty(String name, String value) { }
        @Override public void setProperty(String name, List<String> value) { }
        @Override public String getSingularProperty(String name) { return name.equals("deviceid") ? deviceId : ""; }
        @Override public void addRules(IPropertyRules rules) { }
        @Override public List<IPropertyRules> getRules() { return new ArrayList<>(); }
    }
}
